using MiniKube.Overlay.Backends.HostGateway;
using MiniKube.Overlay.Backends.Vxlan;
using MiniKube.Overlay.Links;
using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Backends;

/// <summary>Makes the backend that the network's configuration names.</summary>
internal static class BackendFactory
{
    public static IBackend Create(NetworkConfig config, uint publicAddress, ExternalInterface external, KernelLinks links) => config.BackendType switch
    {
        VxlanBackend.Name => new VxlanBackend(VxlanConfig.Parse(config.Backend), config.Network, publicAddress, external, links),
        HostGatewayBackend.Name => new HostGatewayBackend(config.Network, publicAddress, external, links),
        var other => throw new ConfigException($"unknown backend type: {other}: this overlay knows {VxlanBackend.Name} and {HostGatewayBackend.Name}"),
    };
}
