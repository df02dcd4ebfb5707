using System.Collections.Immutable;

using k8s.Models;

using MiniKube.Api.Selectors;

namespace MiniKube.Scheduler.Framework;

/// <summary>Which pods a pod wants near it, or not, and what near means. The weight is 0 for what is required.</summary>
internal sealed class AffinityTerm
{
    private readonly ImmutableHashSet<string> _namespaces;
    private readonly LabelSelector _namespaceSelector;
    private readonly LabelSelector _selector;

    public AffinityTerm(V1Pod owner, V1PodAffinityTerm term, int weight)
    {
        TopologyKey = term.TopologyKey ?? "";
        Weight = weight;
        _selector = Selectors.WithLabelKeys(term.LabelSelector, owner, term.MatchLabelKeys, term.MismatchLabelKeys);
        _namespaceSelector = LabelSelector.From(term.NamespaceSelector);
        var named = term.Namespaces ?? [];
        _namespaces = named.Count == 0 && term.NamespaceSelector is null ? [owner.Metadata?.NamespaceProperty ?? ""] : [.. named];
    }

    public string TopologyKey { get; }

    public int Weight { get; }

    public bool Matches(PodInfo pod, INamespaceLabels namespaces) =>
        (_namespaces.Contains(pod.Key.Namespace) || _namespaceSelector.MatchesEverything
            || _namespaceSelector.MatchesLabels(namespaces.Of(pod.Key.Namespace)))
        && _selector.MatchesLabels(pod.Pod.Metadata?.Labels);
}
