using System.Globalization;

using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.StatefulSets;

/// <summary>The names and shapes of a StatefulSet's pods. Pure.</summary>
internal static class StatefulPods
{
    public const string RevisionLabel = "controller-revision-hash";
    public const string NameLabel = "statefulset.kubernetes.io/pod-name";
    public const string IndexLabel = "apps.kubernetes.io/pod-index";

    public static int Replicas(this V1StatefulSet set) => set.Spec?.Replicas ?? 1;

    public static int StartOrdinal(this V1StatefulSet set) => set.Spec?.Ordinals?.Start ?? 0;

    public static bool IsParallel(this V1StatefulSet set) => set.Spec?.PodManagementPolicy == "Parallel";

    public static bool IsRollingUpdate(this V1StatefulSet set) => set.Spec?.UpdateStrategy?.Type != "OnDelete";

    /// <summary>The number at the end of a pod's name; null when the name is not of this set.</summary>
    public static int? Ordinal(V1StatefulSet set, V1Pod pod)
    {
        var name = pod.Metadata?.Name ?? "";
        var hyphen = name.LastIndexOf('-');
        return hyphen > 0
            && name[..hyphen] == set.Metadata?.Name
            && int.TryParse(name[(hyphen + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
                ? ordinal
                : null;
    }

    public static bool IsInRange(V1StatefulSet set, int ordinal) => ordinal >= set.StartOrdinal() && ordinal < set.StartOrdinal() + set.Replicas();

    /// <summary>The server has it.</summary>
    public static bool IsCreated(V1Pod pod) => !string.IsNullOrEmpty(pod.Status?.Phase);

    public static bool IsTerminating(V1Pod pod) => pod.Metadata?.DeletionTimestamp is not null;

    public static bool IsRunningAndReady(V1Pod pod) => pod.Status?.Phase == "Running" && pod.IsReady();

    public static bool IsRunningAndAvailable(V1StatefulSet set, V1Pod pod, DateTime now) =>
        IsRunningAndReady(pod) && pod.IsAvailable(set.Spec?.MinReadySeconds ?? 0, now);

    public static string? Revision(V1Pod pod) => Label(pod, RevisionLabel);

    /// <summary>The pod of an ordinal, as it is to be created.</summary>
    public static V1Pod New(V1StatefulSet set, V1PodTemplateSpec template, string revision, int ordinal)
    {
        var pod = PodControl.FromTemplate(set, template);
        var name = string.Create(CultureInfo.InvariantCulture, $"{set.Metadata?.Name}-{ordinal}");
        var metadata = pod.Metadata with { GenerateName = $"{set.Metadata?.Name}-", Name = name };
        var spec = (pod.Spec ?? new V1PodSpec()) with { Hostname = name, Subdomain = set.Spec?.ServiceName };
        return WithRevision(WithStorage(set, WithIdentity(pod with { Metadata = metadata, Spec = spec }, ordinal), ordinal), revision);
    }

    public static bool HasIdentity(V1Pod pod) => Label(pod, NameLabel) == pod.Metadata?.Name;

    public static V1Pod WithIdentity(V1Pod pod, int ordinal) => WithLabels(
        pod, (NameLabel, pod.Metadata?.Name ?? ""), (IndexLabel, ordinal.ToString(CultureInfo.InvariantCulture)));

    public static bool HasStorage(V1StatefulSet set, V1Pod pod, int ordinal) => (set.Spec?.VolumeClaimTemplates ?? []).All(template =>
        (pod.Spec?.Volumes ?? []).Any(volume =>
            volume.Name == template.Metadata?.Name && volume.PersistentVolumeClaim?.ClaimName == StatefulClaims.Name(set, template, ordinal)));

    /// <summary>The claims' volumes come first, and replace volumes of the template with their names.</summary>
    public static V1Pod WithStorage(V1StatefulSet set, V1Pod pod, int ordinal)
    {
        var volumes = (set.Spec?.VolumeClaimTemplates ?? [])
            .Select(template => new V1Volume
            {
                Name = template.Metadata?.Name,
                PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = StatefulClaims.Name(set, template, ordinal) },
            })
            .ToList();
        var spec = pod.Spec ?? new V1PodSpec();
        List<V1Volume> all = [.. volumes, .. (spec.Volumes ?? []).Where(own => !volumes.Exists(volume => volume.Name == own.Name))];
        return pod with { Spec = spec with { Volumes = all.Count == 0 ? null : all } };
    }

    private static V1Pod WithRevision(V1Pod pod, string revision) => WithLabels(pod, (RevisionLabel, revision));

    private static V1Pod WithLabels(V1Pod pod, params ReadOnlySpan<(string Key, string Value)> added)
    {
        var labels = new Dictionary<string, string>(pod.Metadata?.Labels ?? new Dictionary<string, string>());
        foreach (var (key, value) in added)
        {
            labels[key] = value;
        }

        return pod with { Metadata = (pod.Metadata ?? new V1ObjectMeta()) with { Labels = labels } };
    }

    private static string? Label(V1Pod pod, string label) => pod.Metadata?.Labels?.TryGetValue(label, out var value) == true ? value : null;
}
