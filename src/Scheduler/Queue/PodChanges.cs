using k8s;
using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Queue;

/// <summary>Which changes of a waiting pod are worth another try.</summary>
internal static class PodChanges
{
    /// <summary>Its spec (tolerations, resources, gates) or labels changed; the status that we write ourselves does not count.</summary>
    public static bool MayHelp(V1Pod before, V1Pod after) =>
        !LabelSet.Same(before.Metadata?.Labels, after.Metadata?.Labels)
        || KubernetesJson.Serialize(before.Spec) != KubernetesJson.Serialize(after.Spec);
}
