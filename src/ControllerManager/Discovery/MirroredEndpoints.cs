using System.Net.Sockets;

using k8s;
using k8s.Models;

using MiniKube.Api.Addresses;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>What the slices say that mirror an Endpoints object. Pure; what is left out and what is copied is upstream's.</summary>
internal static class MirroredEndpoints
{
    public const string ManagedBy = "endpointslicemirroring-controller.k8s.io";

    private const string SkipLabel = "endpointslice.kubernetes.io/skip-mirror";
    private const string LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader";
    private const string LastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

    // More are not mirrored. Upstream's --mirroring-max-endpoints-per-subset.
    private const int MaxEndpoints = 1000;

    /// <summary>Whether an Endpoints object asks for it: some are locks, and some are kept as slices by whoever writes them.</summary>
    public static bool IsWanted(V1Endpoints endpoints) =>
        endpoints.Metadata?.DeletionTimestamp is null
        && !(endpoints.Metadata?.Labels?.TryGetValue(SkipLabel, out var skip) == true && skip == "true")
        && endpoints.Metadata?.Annotations?.ContainsKey(LeaderAnnotation) != true;

    /// <summary>The endpoints of one address family, grouped by the ports they serve on. Of an address that is named twice the first counts, which is the ready one.</summary>
    public static IReadOnlyList<SliceGroup> Of(V1Endpoints endpoints, string addressType) =>
    [
        .. (endpoints.Subsets ?? [])
            .Select(subset => (Ports: Ports(subset), Endpoints: Of(subset, addressType)))
            .GroupBy(subset => KubernetesJson.Serialize(subset.Ports))
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new SliceGroup(
                group.Key, group.First().Ports, [.. group.SelectMany(subset => subset.Endpoints).DistinctBy(endpoint => endpoint.Addresses[0])]))
            .Where(group => group.Endpoints.Count > 0),
    ];

    public static Dictionary<string, string> Labels(V1Endpoints endpoints) => new(endpoints.Metadata?.Labels ?? new Dictionary<string, string>())
    {
        [SliceLabels.ServiceName] = endpoints.Metadata?.Name ?? "",
        [SliceLabels.ManagedBy] = ManagedBy,
    };

    public static Dictionary<string, string> Annotations(V1Endpoints endpoints) => (endpoints.Metadata?.Annotations ?? new Dictionary<string, string>())
        .Where(annotation => annotation.Key is not (LastAppliedAnnotation or TriggerTimes.Annotation))
        .ToDictionary(annotation => annotation.Key, annotation => annotation.Value);

    private static IEnumerable<V1Endpoint> Of(V1EndpointSubset subset, string addressType) =>
        (subset.Addresses ?? []).Select(address => (Address: address, IsReady: true))
        .Concat((subset.NotReadyAddresses ?? []).Select(address => (Address: address, IsReady: false)))
        .Where(entry => AddressText.TryParse(entry.Address.Ip, out var parsed) && parsed.AddressFamily == (addressType == "IPv6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork))
        .Take(MaxEndpoints)
        .Select(entry => new V1Endpoint
        {
            Addresses = [entry.Address.Ip],
            Conditions = new V1EndpointConditions { Ready = entry.IsReady },
            Hostname = string.IsNullOrEmpty(entry.Address.Hostname) ? null : entry.Address.Hostname,
            NodeName = entry.Address.NodeName,
            TargetRef = entry.Address.TargetRef,
        });

    private static List<Discoveryv1EndpointPort> Ports(V1EndpointSubset subset) =>
    [
        .. (subset.Ports ?? []).Select(port => new Discoveryv1EndpointPort
        {
            Name = port.Name ?? "",
            Port = port.Port,
            Protocol = port.Protocol ?? "TCP",
            AppProtocol = port.AppProtocol,
        }),
    ];
}
