using System.Collections.Immutable;

using k8s.Models;

using MiniKube.Api.Scheduling;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>Whether a node is to run a daemon. Pure.</summary>
/// <param name="ShouldRun">A pod is made when there is none.</param>
/// <param name="MayContinue">One that is there may stay.</param>
internal readonly record struct NodeFit(bool ShouldRun, bool MayContinue)
{
    public static NodeFit Of(V1DaemonSet daemonSet, V1Node node)
    {
        var spec = DaemonPodTemplate.WithTolerations(daemonSet.Spec?.Template?.Spec ?? new V1PodSpec());
        if (!IsChosen(spec, node))
        {
            return new NodeFit(false, false);
        }

        var untolerated = (node.Spec?.Taints ?? []).Where(taint => !Tolerations.Tolerate(spec.Tolerations, taint)).Select(taint => taint.Effect).ToList();
        return untolerated.Contains("NoExecute") ? new NodeFit(false, false) : new NodeFit(!untolerated.Contains("NoSchedule"), true);
    }

    private static bool IsChosen(V1PodSpec spec, V1Node node) =>
        (string.IsNullOrEmpty(spec.NodeName) || spec.NodeName == node.Metadata?.Name)
        && NodeTerms.HasLabels(node, spec.NodeSelector ?? ImmutableDictionary<string, string>.Empty)
        && (spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is not { } required
            || NodeTerms.MatchesAny(node, required.NodeSelectorTerms));
}
