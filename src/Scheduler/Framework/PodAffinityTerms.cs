using k8s.Models;

namespace MiniKube.Scheduler.Framework;

/// <summary>All that a pod says of pods near it.</summary>
internal sealed class PodAffinityTerms(V1Pod pod)
{
    public IReadOnlyList<AffinityTerm> RequiredAffinity { get; } =
        Required(pod, pod.Spec?.Affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution);

    public IReadOnlyList<AffinityTerm> RequiredAntiAffinity { get; } =
        Required(pod, pod.Spec?.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution);

    public IReadOnlyList<AffinityTerm> PreferredAffinity { get; } =
        Preferred(pod, pod.Spec?.Affinity?.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution);

    public IReadOnlyList<AffinityTerm> PreferredAntiAffinity { get; } =
        Preferred(pod, pod.Spec?.Affinity?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution);

    public bool IsEmpty => RequiredAffinity.Count + RequiredAntiAffinity.Count == 0 && !HasPreferences;

    public bool HasPreferences => PreferredAffinity.Count + PreferredAntiAffinity.Count > 0;

    private static IReadOnlyList<AffinityTerm> Required(V1Pod pod, IList<V1PodAffinityTerm>? terms) =>
        [.. (terms ?? []).Select(term => new AffinityTerm(pod, term, 0))];

    private static IReadOnlyList<AffinityTerm> Preferred(V1Pod pod, IList<V1WeightedPodAffinityTerm>? terms) =>
        [.. (terms ?? []).Select(term => new AffinityTerm(pod, term.PodAffinityTerm, term.Weight))];
}
