using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;

using k8s.Models;

using MiniKube.Api.Addresses;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Informers;

namespace MiniKube.Dns.Records;

/// <summary>What of the cluster has a name, followed by informers: services, their endpoints, and namespaces. All reads are look-ups.</summary>
internal sealed class ClusterNames
{
    private readonly IInformer<V1Namespace> _namespaces;
    private readonly IInformer<V1Service> _services;
    private readonly IInformer<V1EndpointSlice> _slices;
    private readonly ConcurrentDictionary<NamespacedName, ImmutableDictionary<string, V1EndpointSlice>> _slicesOf = [];
    private readonly AddressIndex _clusterAddresses = new();
    private readonly AddressIndex _endpointAddresses = new();

    public ClusterNames(IInformerFactory informers)
    {
        _namespaces = informers.Get<V1Namespace>();
        _services = informers.Get<V1Service>();
        _slices = informers.Get<V1EndpointSlice>();
        _services.AddHandler(Index);
        _slices.AddHandler(Index);
    }

    /// <summary>Completes when the names that there were at the start are known.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(
        _namespaces.WaitForSyncAsync(cancellationToken), _services.WaitForSyncAsync(cancellationToken), _slices.WaitForSyncAsync(cancellationToken));

    public bool HasNamespace(string name) => _namespaces.TryGet(new NamespacedName("", name), out _);

    public V1Service? FindService(NamespacedName key) => _services.TryGet(key, out var service) ? service : null;

    /// <summary>The ready endpoints of a service, each address once.</summary>
    public IEnumerable<NamedAddress> Endpoints(NamespacedName service) => _slicesOf.TryGetValue(service, out var slices)
        ? slices.Values.SelectMany(Addresses).DistinctBy(endpoint => (endpoint.Label, endpoint.Address))
        : [];

    /// <summary>The services whose cluster address this is.</summary>
    public IReadOnlyList<NamespacedName> ServicesAt(IPAddress address) => _clusterAddresses.Find(address);

    /// <summary>The services of which this is the address of an endpoint.</summary>
    public IReadOnlyList<NamespacedName> ServicesWithEndpoint(IPAddress address) => _endpointAddresses.Find(address);

    public static IEnumerable<IPAddress> ClusterAddresses(V1Service? service) =>
        (service?.Spec?.ClusterIPs ?? []).Select(text => AddressText.TryParse(text, out var address) ? address : null).OfType<IPAddress>();

    private void Index(ObjectChange<V1Service> change)
    {
        if ((change.New ?? change.Old) is { } service)
        {
            _clusterAddresses.Replace(service.Key(), ClusterAddresses(change.Old), ClusterAddresses(change.New));
        }
    }

    private void Index(ObjectChange<V1EndpointSlice> change)
    {
        Index(change.Old, null);
        Index(null, change.New);
    }

    private void Index(V1EndpointSlice? old, V1EndpointSlice? next)
    {
        if ((next ?? old) is not { } slice || slice.GetLabel("kubernetes.io/service-name") is not { Length: > 0 } name)
        {
            return;
        }

        var service = new NamespacedName(slice.Namespace(), name);
        var slices = _slicesOf.GetValueOrDefault(service) ?? ImmutableDictionary.Create<string, V1EndpointSlice>(StringComparer.Ordinal);
        slices = next is null ? slices.Remove(slice.Name()) : slices.SetItem(slice.Name(), next);
        if (slices.IsEmpty)
        {
            _slicesOf.TryRemove(service, out _);
        }
        else
        {
            _slicesOf[service] = slices;
        }

        _endpointAddresses.Replace(service, AllAddresses(old), AllAddresses(next));
    }

    private static IEnumerable<IPAddress> AllAddresses(V1EndpointSlice? slice) => slice is null ? [] : Addresses(slice).Select(endpoint => endpoint.Address);

    private static IEnumerable<NamedAddress> Addresses(V1EndpointSlice slice)
    {
        if (slice.AddressType is not ("IPv4" or "IPv6"))
        {
            yield break;
        }

        (string, string, int)[] ports =
            [.. (slice.Ports ?? []).Where(port => port.Port > 0).Select(port => (port.Name ?? "", (port.Protocol ?? "TCP").ToLowerInvariant(), port.Port!.Value))];
        foreach (var endpoint in (slice.Endpoints ?? []).Where(endpoint => endpoint.Conditions?.Ready != false))
        {
            foreach (var text in endpoint.Addresses ?? [])
            {
                if (AddressText.TryParse(text, out var address))
                {
                    yield return new NamedAddress(
                        string.IsNullOrEmpty(endpoint.Hostname) ? NamedAddress.Dashed(address) : endpoint.Hostname.ToLowerInvariant(), address, ports);
                }
            }
        }
    }
}
