using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Changes;

/// <summary>
/// Keeps the endpoints of every service port in a family, put together from the slices of each service. Only services whose slices changed
/// are put together anew. Safe to use from many threads.
/// </summary>
internal sealed class EndpointSliceChangeTracker(IPFamily family, string nodeName)
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, Dictionary<string, SliceEndpoints>> _slices = [];
    private readonly Dictionary<ServicePortName, IReadOnlyList<ServiceEndpoint>> _endpoints = [];
    private readonly Dictionary<NamespacedName, IReadOnlyList<ServicePortName>> _portsOf = [];

    /// <summary>Whether anything that the proxy looks at changed.</summary>
    public bool Apply(ObjectChange<V1EndpointSlice> change)
    {
        if ((change.New ?? change.Old) is not { } slice || slice.AddressType != family.ToString() || ServiceOf(slice) is not { } service)
        {
            return false;
        }

        lock (_lock)
        {
            var slices = _slices.TryGetValue(service, out var known) ? known : _slices[service] = new(StringComparer.Ordinal);
            var name = slice.Metadata?.Name ?? "";
            if (change.New is null)
            {
                slices.Remove(name);
            }
            else
            {
                slices[name] = SliceEndpoints.From(change.New, nodeName);
            }

            if (slices.Count == 0)
            {
                _slices.Remove(service);
            }

            return PutTogether(service, slices.Values);
        }
    }

    /// <summary>A copy of the state of this moment.</summary>
    public IReadOnlyDictionary<ServicePortName, IReadOnlyList<ServiceEndpoint>> Current()
    {
        lock (_lock)
        {
            return new Dictionary<ServicePortName, IReadOnlyList<ServiceEndpoint>>(_endpoints);
        }
    }

    private static NamespacedName? ServiceOf(V1EndpointSlice slice) =>
        slice.Metadata?.Labels?.TryGetValue(ServiceNameLabel, out var name) == true ? new(slice.Key().Namespace, name) : null;

    private bool PutTogether(NamespacedName service, IEnumerable<SliceEndpoints> slices)
    {
        var ports = slices
            .SelectMany(slice => slice.Ports)
            .GroupBy(port => new ServicePortName(service, port.Name))
            .ToDictionary(port => port.Key, port => Merge(port.SelectMany(part => part.Endpoints)));

        var before = _portsOf.GetValueOrDefault(service) ?? [];
        var changed = before.Any(port => !ports.ContainsKey(port));
        foreach (var gone in before)
        {
            if (!ports.ContainsKey(gone))
            {
                _endpoints.Remove(gone);
            }
        }

        foreach (var (port, endpoints) in ports)
        {
            changed |= !(_endpoints.GetValueOrDefault(port) ?? []).SequenceEqual(endpoints);
            _endpoints[port] = endpoints;
        }

        if (ports.Count == 0)
        {
            _portsOf.Remove(service);
        }
        else
        {
            _portsOf[service] = [.. ports.Keys];
        }

        return changed;
    }

    // While an endpoint moves from one slice to another it stands in both: the better state counts.
    private static IReadOnlyList<ServiceEndpoint> Merge(IEnumerable<ServiceEndpoint> endpoints) => [.. endpoints
        .GroupBy(endpoint => (endpoint.Address, endpoint.Port))
        .Select(same => same.OrderByDescending(endpoint => endpoint.IsReady).ThenByDescending(endpoint => endpoint.IsServing).First())
        .OrderBy(endpoint => endpoint.ToString(), StringComparer.Ordinal)];
}
