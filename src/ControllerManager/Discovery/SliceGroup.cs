using k8s;
using k8s.Models;

using MiniKube.Client;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>Endpoints that share their ports, and so may share slices.</summary>
internal sealed record SliceGroup(string PortsKey, IReadOnlyList<Discoveryv1EndpointPort> Ports, IReadOnlyList<V1Endpoint> Endpoints)
{
    /// <summary>A slice for such endpoints, without any yet.</summary>
    /// <param name="owner">What it is made of, a service or what somebody wrote in its stead: the slice goes with it.</param>
    /// <param name="addressType">IPv4 or IPv6.</param>
    public V1EndpointSlice NewSlice(IKubernetesObject<V1ObjectMeta> owner, string addressType) => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        AddressType = addressType,
        Ports = [.. Ports],
        Metadata = new V1ObjectMeta
        {
            GenerateName = $"{owner.Metadata?.Name}-",
            NamespaceProperty = owner.Metadata?.NamespaceProperty,
            OwnerReferences = [owner.ToControllerReference()],
        },
    };
}
