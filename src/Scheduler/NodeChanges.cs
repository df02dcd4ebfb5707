using k8s;
using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler;

/// <summary>Which changes of a node may let a pod fit. Most updates are heartbeats and must cost little.</summary>
internal static class NodeChanges
{
    public static bool Matter(V1Node old, V1Node @new) =>
        old.Spec?.Unschedulable != @new.Spec?.Unschedulable
        || !LabelSet.Same(old.Metadata?.Labels, @new.Metadata?.Labels)
        || !LabelSet.Same(Quantities(old), Quantities(@new))
        || Json(old.Spec?.Taints) != Json(@new.Spec?.Taints);

    private static string Json(IList<V1Taint>? taints) => taints is null ? "" : KubernetesJson.Serialize(taints);

    private static Dictionary<string, string>? Quantities(V1Node node) =>
        node.Status?.Allocatable?.ToDictionary(quantity => quantity.Key, quantity => quantity.Value.ToString(), StringComparer.Ordinal);
}
