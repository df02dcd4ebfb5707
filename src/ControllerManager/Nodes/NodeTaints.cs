using k8s.Models;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>The taints that follow from a node's conditions. Pure; keys and effects are upstream's.</summary>
internal static class NodeTaints
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string OutOfService = "node.kubernetes.io/out-of-service";

    private static readonly (string Condition, string Status, string Key)[] ByCondition =
    [
        ("Ready", "False", NotReady),
        ("Ready", "Unknown", Unreachable),
        ("MemoryPressure", "True", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "True", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "True", "node.kubernetes.io/pid-pressure"),
        ("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"),
    ];

    private const string Unschedulable = "node.kubernetes.io/unschedulable";

    /// <param name="node">As it is.</param>
    /// <param name="evicts">Whether its pods may be evicted, should it not be ready.</param>
    /// <param name="now">When new taints begin.</param>
    /// <returns>All taints the node should have; null when it has them.</returns>
    public static IReadOnlyList<V1Taint>? Change(V1Node node, bool evicts, DateTime now)
    {
        var current = node.Spec?.Taints ?? [];
        var wanted = Wanted(node).Where(taint => evicts || taint.Effect != "NoExecute").ToList();
        var kept = current.Where(taint => !IsManaged(taint) || wanted.Contains((taint.Key, taint.Effect))).ToList();
        var added = wanted.Where(taint => !current.Any(existing => (existing.Key, existing.Effect) == taint)).ToList();
        return added.Count == 0 && kept.Count == current.Count
            ? null
            : [.. kept, .. added.Select(taint => new V1Taint { Key = taint.Key, Effect = taint.Effect, TimeAdded = now })];
    }

    /// <summary>Whether pods are evicted from it already because it is not ready.</summary>
    public static bool Evicts(V1Node node) => node.Spec?.Taints?.Any(taint => taint is { Effect: "NoExecute", Key: NotReady or Unreachable }) == true;

    private static IEnumerable<(string Key, string Effect)> Wanted(V1Node node)
    {
        foreach (var (type, status, key) in ByCondition)
        {
            if (node.Status?.Conditions?.Any(condition => condition.Type == type && condition.Status == status) == true)
            {
                yield return (key, "NoSchedule");
                if (type == "Ready")
                {
                    yield return (key, "NoExecute");
                }
            }
        }

        if (node.Spec?.Unschedulable == true)
        {
            yield return (Unschedulable, "NoSchedule");
        }
    }

    // Only these effects: a user may taint with the same keys and another effect.
    private static bool IsManaged(V1Taint taint) =>
        (taint.Effect == "NoSchedule" && (taint.Key == Unschedulable || ByCondition.Any(entry => entry.Key == taint.Key)))
        || taint is { Effect: "NoExecute", Key: NotReady or Unreachable };
}
