using System.Globalization;

using k8s.Models;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>The pods of a DaemonSet: what its controller adds to the template. Pure.</summary>
internal static class DaemonPodTemplate
{
    public const string HashLabel = "controller-revision-hash";

    private const string GenerationLabel = "pod-template-generation";
    private const string GenerationAnnotation = "deprecated.daemonset.template.generation";
    private const string NodeNameField = "metadata.name";

    /// <summary>The template with its labels and the tolerations that all daemons have.</summary>
    public static V1PodTemplateSpec Of(V1DaemonSet daemonSet, string hash)
    {
        var template = daemonSet.Spec?.Template ?? new V1PodTemplateSpec();
        var metadata = template.Metadata ?? new V1ObjectMeta();
        var labels = new Dictionary<string, string>(metadata.Labels ?? new Dictionary<string, string>()) { [HashLabel] = hash };
        if (Generation(daemonSet) is { } generation)
        {
            labels[GenerationLabel] = generation;
        }

        return template with { Metadata = metadata with { Labels = labels }, Spec = WithTolerations(template.Spec ?? new V1PodSpec()) };
    }

    /// <summary>A template whose pods the scheduler binds to one node.</summary>
    public static V1PodTemplateSpec For(V1PodTemplateSpec template, string node)
    {
        var spec = template.Spec ?? new V1PodSpec();
        var affinity = spec.Affinity ?? new V1Affinity();
        var required = new V1NodeSelector
        {
            NodeSelectorTerms =
            [
                new V1NodeSelectorTerm { MatchFields = [new V1NodeSelectorRequirement { Key = NodeNameField, OperatorProperty = "In", Values = [node] }] },
            ],
        };
        return template with
        {
            Spec = spec with
            {
                Affinity = affinity with
                {
                    NodeAffinity = (affinity.NodeAffinity ?? new V1NodeAffinity()) with { RequiredDuringSchedulingIgnoredDuringExecution = required },
                },
            },
        };
    }

    /// <summary>The node that a pod runs on or waits for; null for one that is not of this controller's making.</summary>
    public static string? TargetNode(V1Pod pod) => pod.Spec?.NodeName is { Length: > 0 } name
        ? name
        : pod.Spec?.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms?
            .SelectMany(term => term.MatchFields ?? [])
            .FirstOrDefault(requirement => requirement is { Key: NodeNameField, OperatorProperty: "In" })?.Values is [var only]
                ? only
                : null;

    /// <summary>Whether a pod has the template of now: by the hash, or by the count that was before there were hashes.</summary>
    public static bool IsUpdated(V1DaemonSet daemonSet, V1Pod pod, string hash) =>
        Label(pod, HashLabel) == hash || (Generation(daemonSet) is { } generation && Label(pod, GenerationLabel) == generation);

    public static string? Label(V1Pod pod, string label) => pod.Metadata?.Labels?.TryGetValue(label, out var value) == true ? value : null;

    /// <summary>
    /// A daemon stays on a node that is not ready, cut off, cordoned or short of something: what it does is often what helps there.
    /// </summary>
    public static V1PodSpec WithTolerations(V1PodSpec spec)
    {
        List<V1Toleration> added =
        [
            Toleration("node.kubernetes.io/not-ready", "NoExecute"),
            Toleration("node.kubernetes.io/unreachable", "NoExecute"),
            Toleration("node.kubernetes.io/disk-pressure", "NoSchedule"),
            Toleration("node.kubernetes.io/memory-pressure", "NoSchedule"),
            Toleration("node.kubernetes.io/pid-pressure", "NoSchedule"),
            Toleration("node.kubernetes.io/unschedulable", "NoSchedule"),
        ];
        if (spec.HostNetwork == true)
        {
            added.Add(Toleration("node.kubernetes.io/network-unavailable", "NoSchedule"));
        }

        return spec with { Tolerations = [.. (spec.Tolerations ?? []).Where(own => !added.Exists(other => IsSame(own, other))), .. added] };
    }

    private static string? Generation(V1DaemonSet daemonSet) =>
        daemonSet.Metadata?.Annotations?.TryGetValue(GenerationAnnotation, out var text) == true && long.TryParse(text, CultureInfo.InvariantCulture, out _)
            ? text
            : null;

    private static bool IsSame(V1Toleration x, V1Toleration y) =>
        (x.Key, x.OperatorProperty, x.Effect, x.Value ?? "") == (y.Key, y.OperatorProperty, y.Effect, y.Value ?? "");

    private static V1Toleration Toleration(string key, string effect) => new() { Key = key, OperatorProperty = "Exists", Effect = effect };
}
