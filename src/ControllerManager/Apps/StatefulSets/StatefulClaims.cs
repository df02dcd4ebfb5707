using System.Globalization;

using k8s;
using k8s.Models;

using MiniKube.Client;

namespace MiniKube.ControllerManager.Apps.StatefulSets;

/// <summary>The claims of a StatefulSet's pods, and who owns them: what the retention policy is carried out by. Pure.</summary>
internal static class StatefulClaims
{
    public static string Name(V1StatefulSet set, V1PersistentVolumeClaim template, int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{template.Metadata?.Name}-{set.Metadata?.Name}-{ordinal}");

    public static IEnumerable<V1PersistentVolumeClaim> Of(V1StatefulSet set, int ordinal) => (set.Spec?.VolumeClaimTemplates ?? []).Select(template =>
    {
        var metadata = template.Metadata ?? new V1ObjectMeta();
        var labels = new Dictionary<string, string>(metadata.Labels ?? new Dictionary<string, string>());
        foreach (var (key, value) in set.Spec?.Selector?.MatchLabels ?? new Dictionary<string, string>())
        {
            labels[key] = value;
        }

        return template with
        {
            ApiVersion = "v1",
            Kind = "PersistentVolumeClaim",
            Metadata = metadata with { Name = Name(set, template, ordinal), NamespaceProperty = set.Metadata?.NamespaceProperty, Labels = labels },
            Status = null,
        };
    });

    /// <summary>
    /// The owners a claim should have: with the set it goes when that is deleted, with the pod when that goes after the set was scaled down. Who else manages the claim keeps it.
    /// </summary>
    /// <returns>Null when it has them.</returns>
    public static IReadOnlyList<V1OwnerReference>? OwnersToSet(V1StatefulSet set, V1Pod pod, int ordinal, V1PersistentVolumeClaim claim)
    {
        var references = claim.Metadata?.OwnerReferences ?? [];
        var wanted = HasOtherController(set, pod, claim) ? [] : Wanted(set, pod, ordinal);
        var own = references.Where(reference => Names(reference, set) || Names(reference, pod)).ToList();
        return own.Count == wanted.Count && wanted.All(owner => own.Exists(reference => reference.Uid == owner.Uid && reference.Controller == true))
            ? null
            : [.. references.Except(own), .. wanted];
    }

    /// <summary>Whether a claim is about to go with a pod that had the name before: a new pod must not take it.</summary>
    public static bool IsStale(V1StatefulSet set, V1Pod pod, V1PersistentVolumeClaim claim) =>
        set.Spec?.PersistentVolumeClaimRetentionPolicy?.WhenScaled == "Delete"
        && (claim.Metadata?.OwnerReferences ?? []).Any(reference => Names(reference, pod) && reference.Uid != pod.Metadata?.Uid);

    /// <summary>Somebody else manages the claim although the policy would have it deleted.</summary>
    public static bool HasOtherController(V1StatefulSet set, V1Pod pod, V1PersistentVolumeClaim claim) =>
        set.Spec?.PersistentVolumeClaimRetentionPolicy is ({ WhenDeleted: "Delete" } or { WhenScaled: "Delete" })
        && (claim.Metadata?.OwnerReferences ?? []).Any(reference =>
            Names(reference, set) ? reference.Uid != set.Metadata?.Uid
            : Names(reference, pod) ? reference.Uid != pod.Metadata?.Uid
            : reference.Controller == true);

    private static List<V1OwnerReference> Wanted(V1StatefulSet set, V1Pod pod, int ordinal)
    {
        var policy = set.Spec?.PersistentVolumeClaimRetentionPolicy;
        var isScaledDown = !StatefulPods.IsInRange(set, ordinal);
        if (policy?.WhenScaled == "Delete" && isScaledDown)
        {
            return [pod.ToControllerReference()];
        }

        return policy?.WhenDeleted == "Delete" ? [set.ToControllerReference()] : [];
    }

    private static bool Names(V1OwnerReference reference, IKubernetesObject<V1ObjectMeta> obj)
    {
        var kind = ObjectExtensions.KindOf(obj.GetType());
        return (reference.ApiVersion, reference.Kind, reference.Name) == (kind.ApiVersion, kind.Kind, obj.Metadata?.Name);
    }
}
