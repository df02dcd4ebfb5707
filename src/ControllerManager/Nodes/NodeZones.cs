using k8s.Models;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>
/// How well each zone is, and how fast its nodes may be emptied. When many nodes seem to die at once, it is rather the network that is ill, and pods that run well would be lost
/// for nothing. Pure; numbers and rules are upstream's.
/// </summary>
internal sealed class NodeZones
{
    private const string ExcludedLabel = "node.kubernetes.io/exclude-disruption";

    // Fewer are no sign of anything.
    private const int FewNodes = 2;

    private readonly Dictionary<string, (int Ready, int NotReady)> _counts = [];
    private readonly ControllerManagerOptions _options;

    /// <param name="nodes">All nodes, as they are now.</param>
    /// <param name="options">The rates.</param>
    public NodeZones(IEnumerable<V1Node> nodes, ControllerManagerOptions options)
    {
        _options = options;
        foreach (var node in nodes.Where(node => node.Metadata?.Labels?.ContainsKey(ExcludedLabel) != true))
        {
            var (ready, notReady) = _counts.GetValueOrDefault(ZoneOf(node));
            _counts[ZoneOf(node)] = NodeHealth.ReadyOf(node) is { Status: "True" } ? (ready + 1, notReady) : (ready, notReady + 1);
        }
    }

    /// <summary>Whether no node of any zone is ready: then the fault is ours, and none is to be emptied.</summary>
    public bool AreAllDown => _counts.Count > 0 && _counts.Values.All(IsDown);

    public static string ZoneOf(V1Node node) => $"{Label(node, "region")}:{Label(node, "zone")}";

    /// <summary>How many nodes of a node's zone may be emptied a second.</summary>
    public double RateOf(V1Node node)
    {
        var (ready, notReady) = _counts.GetValueOrDefault(ZoneOf(node));
        if (!IsPartlyDown(ready, notReady))
        {
            return _options.NodeEvictionRate;
        }

        return ready + notReady > _options.LargeClusterSizeThreshold ? _options.SecondaryNodeEvictionRate : 0;
    }

    // A zone that is down altogether, beside others that are well, is emptied as fast as single nodes are.
    private bool IsPartlyDown(int ready, int notReady) =>
        ready > 0 && notReady > FewNodes && (double)notReady / (ready + notReady) >= _options.UnhealthyZoneThreshold;

    private static bool IsDown((int Ready, int NotReady) zone) => zone is { Ready: 0, NotReady: > 0 };

    private static string Label(V1Node node, string which) => node.Metadata?.Labels is { } labels
        ? labels.TryGetValue($"topology.kubernetes.io/{which}", out var stable) ? stable
            : labels.TryGetValue($"failure-domain.beta.kubernetes.io/{which}", out var beta) ? beta : ""
        : "";
}
