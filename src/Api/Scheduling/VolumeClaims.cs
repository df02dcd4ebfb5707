using k8s.Models;

using MiniKube.Api.Quantities;
using MiniKube.Api.Selectors;

namespace MiniKube.Api.Scheduling;

/// <summary>Which volume fits which claim: what binds them, and what places pods, judge alike. Pure.</summary>
public static class VolumeClaims
{
    /// <summary>The annotation by which the scheduler says where the first pod of a claim will run.</summary>
    public const string SelectedNode = "volume.kubernetes.io/selected-node";

    /// <summary>The annotation by which the binder says that it has bound a claim: one that only names a volume is not bound yet.</summary>
    public const string BindCompleted = "pv.kubernetes.io/bind-completed";

    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    public static string Class(V1PersistentVolumeClaim claim) => Annotation(claim.Metadata, ClassAnnotation) ?? claim.Spec?.StorageClassName ?? "";

    public static string Class(V1PersistentVolume volume) => Annotation(volume.Metadata, ClassAnnotation) ?? volume.Spec?.StorageClassName ?? "";

    public static bool WaitsForConsumer(V1StorageClass? storageClass) => storageClass?.VolumeBindingMode == "WaitForFirstConsumer";

    public static bool IsBound(V1PersistentVolumeClaim claim) =>
        !string.IsNullOrEmpty(claim.Spec?.VolumeName) && Annotation(claim.Metadata, BindCompleted) is not null;

    /// <summary>Whether a volume says it is for this claim: by its uid, or for want of that by its name.</summary>
    public static bool IsFor(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        volume.Spec?.ClaimRef is { } reference
        && reference.Name == claim.Metadata?.Name
        && reference.NamespaceProperty == claim.Metadata?.NamespaceProperty
        && (string.IsNullOrEmpty(reference.Uid) || reference.Uid == claim.Metadata?.Uid);

    public static bool HasNode(V1PersistentVolume volume, V1Node node) =>
        volume.Spec?.NodeAffinity?.Required is not { } required || NodeTerms.MatchesAny(node, required.NodeSelectorTerms);

    /// <summary>The volume to bind a claim to: one that is kept for it, or else the smallest that fits; null for none.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volumes">All volumes there are.</param>
    /// <param name="node">Where it will be used; null for anywhere.</param>
    public static V1PersistentVolume? Find(V1PersistentVolumeClaim claim, IEnumerable<V1PersistentVolume> volumes, V1Node? node)
    {
        var fitting = volumes
            .Where(volume => Fits(claim, volume) && (node is null || HasNode(volume, node)))
            .OrderBy(Capacity)
            .ThenBy(volume => volume.Metadata?.Name, StringComparer.Ordinal)
            .ToList();
        return fitting.Find(volume => IsFor(volume, claim))
            ?? fitting.Find(volume => volume.Spec?.ClaimRef is null && volume.Status?.Phase == "Available" && IsChosen(claim, volume));
    }

    /// <summary>Whether the volume has what the claim asks for; a claim may name one that does not.</summary>
    public static bool Fits(V1PersistentVolumeClaim claim, V1PersistentVolume volume) =>
        volume.Metadata?.DeletionTimestamp is null
        && Capacity(volume) >= Quantity.From(Amount(claim.Spec?.Resources?.Requests))
        && (claim.Spec?.AccessModes ?? []).All(mode => volume.Spec?.AccessModes?.Contains(mode) == true)
        && (claim.Spec?.VolumeMode ?? "Filesystem") == (volume.Spec?.VolumeMode ?? "Filesystem")
        && Class(claim) == Class(volume)
        && (claim.Spec?.VolumeAttributesClassName ?? "") == (volume.Spec?.VolumeAttributesClassName ?? "");

    private static bool IsChosen(V1PersistentVolumeClaim claim, V1PersistentVolume volume) =>
        claim.Spec?.Selector is null || LabelSelector.From(claim.Spec.Selector).MatchesLabels(volume.Metadata?.Labels);

    private static Quantity Capacity(V1PersistentVolume volume) => Quantity.From(Amount(volume.Spec?.Capacity));

    private static ResourceQuantity? Amount(IDictionary<string, ResourceQuantity>? amounts) =>
        amounts?.TryGetValue("storage", out var amount) == true ? amount : null;

    private static string? Annotation(V1ObjectMeta? metadata, string key) => metadata?.Annotations?.TryGetValue(key, out var value) == true ? value : null;
}
