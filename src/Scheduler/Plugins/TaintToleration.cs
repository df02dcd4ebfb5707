using k8s.Models;

using MiniKube.Api.Scheduling;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>Keeps pods off nodes whose NoSchedule and NoExecute taints they do not bear, and prefers nodes with few PreferNoSchedule ones.</summary>
internal sealed class TaintToleration : IFilterPlugin, IScorePlugin
{
    public string Name => "TaintToleration";

    public int Weight => 3;

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) => new PodFilter(pod.Pod.Spec?.Tolerations ?? []);

    public IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot) =>
        nodes.Any(node => node.Taints.Any(IsPreference)) ? new PodScorer(pod.Pod.Spec?.Tolerations ?? []) : null;

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change.MakesNodePass(node => Tolerates(pod, node));

    /// <summary>Whether the pod may run on the node at all, as far as taints go.</summary>
    public static bool Tolerates(PodInfo pod, V1Node node) => FirstUntolerated(node.Spec?.Taints, pod.Pod.Spec?.Tolerations ?? []) is null;

    private static V1Taint? FirstUntolerated(IEnumerable<V1Taint>? taints, IEnumerable<V1Toleration> tolerations)
    {
        foreach (var taint in taints ?? [])
        {
            if (taint.Effect is "NoSchedule" or "NoExecute" && !Tolerations.Tolerate(tolerations, taint))
            {
                return taint;
            }
        }

        return null;
    }

    private static bool IsPreference(V1Taint taint) => taint.Effect == "PreferNoSchedule";

    private sealed class PodFilter(IEnumerable<V1Toleration> tolerations) : IPodFilter
    {
        public PluginStatus Filter(NodeInfo node) => FirstUntolerated(node.Node.Spec?.Taints, tolerations) is { } taint
            ? PluginStatus.Unresolvable($"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}")
            : PluginStatus.Success;
    }

    private sealed class PodScorer(IEnumerable<V1Toleration> all) : IPodScorer
    {
        private readonly List<V1Toleration> _tolerations = [.. all.Where(t => string.IsNullOrEmpty(t.Effect) || t.Effect == "PreferNoSchedule")];

        public long Score(NodeInfo node) => node.Taints.Count(taint => IsPreference(taint) && !Tolerations.Tolerate(_tolerations, taint));

        public void Normalize(Span<long> scores) => Scores.ScaleToMax(scores, reverse: true);
    }
}
