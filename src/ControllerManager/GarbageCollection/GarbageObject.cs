using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Metadata;

namespace MiniKube.ControllerManager.GarbageCollection;

/// <summary>What garbage collection knows of an object.</summary>
internal sealed record GarbageObject(
    GroupVersionResource Resource, NamespacedName Key, string Uid, IReadOnlyList<V1OwnerReference> Owners, bool IsDeleting, bool HasOrphanFinalizer, bool HasForegroundFinalizer)
{
    public const string OrphanFinalizer = "orphan";
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>It stays until the dependents that block it are gone.</summary>
    public bool WaitsForDependents => IsDeleting && HasForegroundFinalizer;

    public static GarbageObject From(GroupVersionResource resource, PartialObject obj)
    {
        var metadata = obj.Metadata;
        return new GarbageObject(
            resource,
            new NamespacedName(metadata.NamespaceProperty ?? "", metadata.Name ?? ""),
            metadata.Uid ?? "",
            [.. metadata.OwnerReferences ?? []],
            metadata.DeletionTimestamp is not null,
            metadata.Finalizers?.Contains(OrphanFinalizer) == true,
            metadata.Finalizers?.Contains(ForegroundFinalizer) == true);
    }

    public bool Blocks(string ownerUid) => Owners.Any(owner => owner.Uid == ownerUid && owner.BlockOwnerDeletion == true);
}
