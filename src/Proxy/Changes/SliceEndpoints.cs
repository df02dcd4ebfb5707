using k8s.Models;

using MiniKube.Api.Addresses;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Changes;

/// <summary>What one slice says: the endpoints behind each named port.</summary>
internal sealed record SliceEndpoints(IReadOnlyList<(string Name, IReadOnlyList<ServiceEndpoint> Endpoints)> Ports)
{
    public static SliceEndpoints From(V1EndpointSlice slice, string nodeName) => new(
    [
        .. from port in slice.Ports ?? []
           let number = port.Port ?? 0
           where number > 0
           select (port.Name ?? "", Endpoints(slice, number, nodeName)),
    ]);

    // An endpoint's addresses are alternatives; consumers take the first. Unknown readiness counts as ready.
    private static IReadOnlyList<ServiceEndpoint> Endpoints(V1EndpointSlice slice, int port, string nodeName) =>
    [
        .. from endpoint in slice.Endpoints ?? []
           where endpoint.Addresses is { Count: > 0 }
           let ready = endpoint.Conditions?.Ready ?? true
           select new ServiceEndpoint(
               AddressText.Canonical(endpoint.Addresses[0]),
               port,
               endpoint.NodeName == nodeName,
               ready,
               endpoint.Conditions?.Serving ?? ready,
               endpoint.Conditions?.Terminating ?? false),
    ];
}
