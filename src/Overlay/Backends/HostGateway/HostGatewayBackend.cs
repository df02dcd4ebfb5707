using System.Text.Json;

using MiniKube.Overlay.Links;
using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Backends.HostGateway;

/// <summary>Plain routes: a peer's subnet lies behind the peer's own address. All nodes must be on one wire.</summary>
internal sealed class HostGatewayBackend(Subnet network, uint publicAddress, ExternalInterface external, KernelLinks links) : IBackend
{
    public const string Name = "host-gw";

    public string Type => Name;

    public int Mtu => external.Mtu;

    public Task<JsonElement?> PrepareAsync(CancellationToken cancellationToken) =>
        external.Address == publicAddress
            ? Task.FromResult<JsonElement?>(null)
            : throw new ConfigException("your PublicIP differs from interface IP, meaning that probably you're on a NAT, which is not supported by host-gw backend");

    public Task AssignAsync(Subnet subnet, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task SyncAsync(IReadOnlyList<SubnetLease> peers, CancellationToken cancellationToken)
    {
        var wanted = new List<PeerRoute>();
        foreach (var peer in peers)
        {
            if (Subnet.TryParseAddress(peer.Attributes.PublicIP, out var gateway))
            {
                wanted.Add(new PeerRoute(peer.Subnet, gateway, external.Name, OnLink: false));
            }
        }

        var present = await links.ListAsync("ip", "-4 route show", cancellationToken);
        await links.RunAllAsync("ip", PeerRoute.Changes(network, present, wanted), cancellationToken);
    }
}
