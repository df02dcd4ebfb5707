using System.Collections.Immutable;

using k8s.Models;

using MiniKube.Api.Scheduling;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>The pod's nodeSelector and node affinity: what is required filters, what is preferred scores.</summary>
internal sealed class NodeAffinity : IFilterPlugin, IScorePlugin
{
    private static readonly PluginStatus Refused = PluginStatus.Unresolvable("node(s) didn't match Pod's node affinity/selector");

    public string Name => "NodeAffinity";

    public int Weight => 2;

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) =>
        Selector(pod).Count > 0 || Required(pod) is not null ? new PodFilter(Selector(pod), Required(pod)) : null;

    public IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot) =>
        Affinity(pod)?.PreferredDuringSchedulingIgnoredDuringExecution is { Count: > 0 } terms ? new PodScorer(terms) : null;

    public bool QueueingHint(PodInfo pod, ClusterEvent change) =>
        change.MakesNodePass(node => Matches(Selector(pod), Required(pod), node));

    /// <summary>Whether the pod may run on the node at all, as far as selector and required affinity go.</summary>
    public static bool Matches(PodInfo pod, V1Node node) => Matches(Selector(pod), Required(pod), node);

    private static bool Matches(IDictionary<string, string> selector, V1NodeSelector? required, V1Node node) =>
        NodeTerms.HasLabels(node, selector) && (required is null || NodeTerms.MatchesAny(node, required.NodeSelectorTerms));

    private static V1NodeAffinity? Affinity(PodInfo pod) => pod.Pod.Spec?.Affinity?.NodeAffinity;

    private static V1NodeSelector? Required(PodInfo pod) => Affinity(pod)?.RequiredDuringSchedulingIgnoredDuringExecution;

    private static IDictionary<string, string> Selector(PodInfo pod) =>
        pod.Pod.Spec?.NodeSelector ?? ImmutableDictionary<string, string>.Empty;

    private sealed class PodFilter(IDictionary<string, string> selector, V1NodeSelector? required) : IPodFilter
    {
        // The pods of a DaemonSet name their node by a field: all the others need no look.
        public IReadOnlySet<string>? NodeNames { get; } = NodeTerms.NamesOf(required?.NodeSelectorTerms);

        public PluginStatus Filter(NodeInfo node) => Matches(selector, required, node.Node) ? PluginStatus.Success : Refused;
    }

    private sealed class PodScorer(IEnumerable<V1PreferredSchedulingTerm> terms) : IPodScorer
    {
        public long Score(NodeInfo node)
        {
            var sum = 0L;
            foreach (var term in terms)
            {
                sum += term.Weight != 0 && NodeTerms.Matches(node.Node, term.Preference) ? term.Weight : 0;
            }

            return sum;
        }

        public void Normalize(Span<long> scores) => Scores.ScaleToMax(scores, reverse: false);
    }
}
