using System.Collections.Immutable;

using k8s.Models;

namespace MiniKube.Scheduler.Framework;

/// <summary>All that a pod says of pods near it.</summary>
internal sealed class PodAffinityTerms(V1Pod pod)
{
    public ImmutableArray<AffinityTerm> RequiredAffinity { get; } =
        Required(pod, pod.Spec?.Affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution);

    public ImmutableArray<AffinityTerm> RequiredAntiAffinity { get; } =
        Required(pod, pod.Spec?.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution);

    public ImmutableArray<AffinityTerm> PreferredAffinity { get; } =
        Preferred(pod, pod.Spec?.Affinity?.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution);

    public ImmutableArray<AffinityTerm> PreferredAntiAffinity { get; } =
        Preferred(pod, pod.Spec?.Affinity?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution);

    public bool IsEmpty => RequiredAffinity.Length + RequiredAntiAffinity.Length == 0 && !HasPreferences;

    public bool HasPreferences => PreferredAffinity.Length + PreferredAntiAffinity.Length > 0;

    private static ImmutableArray<AffinityTerm> Required(V1Pod pod, IList<V1PodAffinityTerm>? terms) =>
        [.. (terms ?? []).Select(term => new AffinityTerm(pod, term, 0))];

    private static ImmutableArray<AffinityTerm> Preferred(V1Pod pod, IList<V1WeightedPodAffinityTerm>? terms) =>
        [.. (terms ?? []).Select(term => new AffinityTerm(pod, term.PodAffinityTerm, term.Weight))];
}
