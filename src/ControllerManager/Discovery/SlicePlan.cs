using k8s;
using k8s.Models;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>
/// Which slices to create, change and delete so that they hold the wanted endpoints, at most a hundred each. An endpoint stays in the slice it is in: every slice that changes is sent to every node.
/// </summary>
internal sealed record SlicePlan(IReadOnlyList<V1EndpointSlice> Create, IReadOnlyList<V1EndpointSlice> Update, IReadOnlyList<V1EndpointSlice> Delete)
{
    /// <summary>Upstream's default of --max-endpoints-per-slice.</summary>
    public const int MaxEndpoints = 100;

    /// <param name="existing">The slices of one service and one address family.</param>
    /// <param name="wanted">The endpoints, by ports.</param>
    /// <param name="isCurrent">Whether a slice's labels are as they should be.</param>
    /// <param name="create">Makes a new slice of a group, without endpoints.</param>
    public static SlicePlan Make(
        IReadOnlyList<V1EndpointSlice> existing,
        IReadOnlyList<SliceGroup> wanted,
        Func<V1EndpointSlice, bool> isCurrent,
        Func<SliceGroup, V1EndpointSlice> create)
    {
        // A service without endpoints has one empty slice, by which a consumer knows that it was seen.
        var groups = wanted.Count > 0 ? wanted : [new SliceGroup(PortsKey([]), [], [])];
        var slices = groups.SelectMany(group => Fill([.. existing.Where(slice => PortsKey(slice.Ports ?? []) == group.PortsKey)], group, create)).ToList();
        var kept = slices.Select(slice => slice.Existing?.Metadata?.Name).ToHashSet();
        return new SlicePlan(
            [.. slices.Where(slice => slice.Existing is null).Select(slice => slice.Wanted)],
            [.. slices.Where(slice => slice.Existing is { } before && !(AreEqual(before, slice.Wanted) && isCurrent(before))).Select(slice => slice.Wanted)],
            [.. existing.Where(slice => !kept.Contains(slice.Metadata?.Name))]);
    }

    private static List<Filled> Fill(List<V1EndpointSlice> existing, SliceGroup group, Func<SliceGroup, V1EndpointSlice> create)
    {
        var left = group.Endpoints.ToDictionary(Identity);
        // The fullest first, those that became empty last: few slices change, and none is made while one has room.
        var slices = existing
            .Select(slice => (Slice: slice, Endpoints: Keep(slice, left)))
            .OrderByDescending(slice => slice.Endpoints.Count)
            .ToList();
        var added = new Queue<V1Endpoint>(left.Values);
        var filled = new List<Filled>();
        foreach (var (slice, endpoints) in slices)
        {
            Add(endpoints, added);
            if (endpoints.Count > 0 || (group.Endpoints.Count == 0 && filled.Count == 0))
            {
                filled.Add(new Filled(slice, slice with { Endpoints = endpoints }));
            }
        }

        while (added.Count > 0 || filled.Count == 0)
        {
            var endpoints = new List<V1Endpoint>();
            Add(endpoints, added);
            filled.Add(new Filled(null, create(group) with { Endpoints = endpoints }));
        }

        return filled;
    }

    private static List<V1Endpoint> Keep(V1EndpointSlice slice, Dictionary<string, V1Endpoint> left)
    {
        var kept = new List<V1Endpoint>();
        foreach (var endpoint in slice.Endpoints ?? [])
        {
            if (left.Remove(Identity(endpoint), out var newest))
            {
                kept.Add(newest);
            }
        }

        return kept;
    }

    private static void Add(List<V1Endpoint> endpoints, Queue<V1Endpoint> added)
    {
        while (endpoints.Count < MaxEndpoints && added.TryDequeue(out var endpoint))
        {
            endpoints.Add(endpoint);
        }
    }

    private static string Identity(V1Endpoint endpoint) => $"{endpoint.TargetRef?.Uid}/{string.Join(',', endpoint.Addresses ?? [])}";

    private static string PortsKey(IList<Discoveryv1EndpointPort> ports) => KubernetesJson.Serialize(ports);

    private static bool AreEqual(V1EndpointSlice x, V1EndpointSlice y) =>
        KubernetesJson.Serialize(x.Endpoints ?? []) == KubernetesJson.Serialize(y.Endpoints ?? []);

    private sealed record Filled(V1EndpointSlice? Existing, V1EndpointSlice Wanted);
}
