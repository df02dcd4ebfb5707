using k8s.Models;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>A DaemonSet, the nodes and its pods by node, at one moment.</summary>
internal sealed class DaemonState
{
    private readonly Dictionary<string, List<V1Pod>> _pods;

    /// <param name="daemonSet">Whose pods.</param>
    /// <param name="nodes">All nodes there are.</param>
    /// <param name="pods">All pods of the set, in whatever state.</param>
    /// <param name="hash">The hash of the template of now.</param>
    /// <param name="now">For what is available.</param>
    public DaemonState(V1DaemonSet daemonSet, IEnumerable<V1Node> nodes, IEnumerable<V1Pod> pods, string hash, DateTime now)
    {
        (DaemonSet, Hash, Now) = (daemonSet, hash, now);
        Nodes = [.. nodes.OrderBy(node => node.Metadata?.Name, StringComparer.Ordinal).Select(node => (node.Metadata?.Name ?? "", NodeFit.Of(daemonSet, node)))];
        _pods = pods
            .Select(pod => (Pod: pod, Node: DaemonPodTemplate.TargetNode(pod)))
            .Where(entry => entry.Node is not null)
            .GroupBy(entry => entry.Node ?? "", entry => entry.Pod)
            .ToDictionary(group => group.Key, group => InOrder(group).ToList());
    }

    public V1DaemonSet DaemonSet { get; }

    public string Hash { get; }

    public DateTime Now { get; }

    public IReadOnlyList<(string Name, NodeFit Fit)> Nodes { get; }

    public int MinReadySeconds => DaemonSet.Spec?.MinReadySeconds ?? 0;

    public bool IsRollingUpdate => DaemonSet.Spec?.UpdateStrategy?.Type != "OnDelete";

    public int Desired => Nodes.Count(node => node.Fit.ShouldRun);

    /// <summary>Whether a node may have a new pod beside the old one.</summary>
    public bool AllowsSurge => Surge(1) > 0;

    public IReadOnlyDictionary<string, List<V1Pod>> PodsByNode => _pods;

    /// <summary>The pods of a node, the one that has been bound for longest first.</summary>
    public IReadOnlyList<V1Pod> PodsOn(string node) => _pods.TryGetValue(node, out var pods) ? pods : [];

    public bool IsUpdated(V1Pod pod) => DaemonPodTemplate.IsUpdated(DaemonSet, pod, Hash);

    public int MaxSurge() => Surge(Desired);

    /// <summary>At least one of the two bounds is not zero (percentages of few nodes may round to it): nothing could ever move.</summary>
    public int MaxUnavailable()
    {
        var unavailable = IntOrPercent.Of(DaemonSet.Spec?.UpdateStrategy?.RollingUpdate?.MaxUnavailable, Desired, roundUp: true);
        return unavailable == 0 && MaxSurge() == 0 && Desired > 0 ? 1 : unavailable;
    }

    private int Surge(int total) => IsRollingUpdate ? IntOrPercent.Of(DaemonSet.Spec?.UpdateStrategy?.RollingUpdate?.MaxSurge, total, roundUp: true) : 0;

    private static IEnumerable<V1Pod> InOrder(IEnumerable<V1Pod> pods) => pods
        .OrderBy(pod => string.IsNullOrEmpty(pod.Spec?.NodeName))
        .ThenBy(pod => pod.Metadata?.CreationTimestamp)
        .ThenBy(pod => pod.Metadata?.Name, StringComparer.Ordinal);
}
