using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client.Metadata;

namespace MiniKube.ControllerManager.GarbageCollection;

/// <summary>The writes of garbage collection. Each is bound to a uid and a version: never to a namesake, never over what another wrote since.</summary>
internal sealed class GarbageWriter(IMetadataClient client)
{
    /// <returns>The newest metadata; null when the object is gone, or is another of the same name.</returns>
    public async Task<PartialObject?> GetAsync(GarbageObject obj, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.GetAsync(obj.Resource, obj.Key, cancellationToken);
            return found.Metadata.Uid == obj.Uid ? found : null;
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            return null;
        }
    }

    public Task RemoveFinalizerAsync(GarbageObject obj, PartialObject newest, string finalizer, CancellationToken cancellationToken) =>
        PatchAsync(
            obj,
            new
            {
                metadata = new
                {
                    uid = obj.Uid,
                    resourceVersion = newest.Metadata.ResourceVersion,
                    finalizers = (newest.Metadata.Finalizers ?? []).Where(other => other != finalizer).ToList(),
                },
            },
            cancellationToken);

    public Task RemoveOwnersAsync(GarbageObject obj, PartialObject newest, IReadOnlySet<string> owners, CancellationToken cancellationToken) =>
        PatchAsync(
            obj,
            new
            {
                metadata = new
                {
                    uid = obj.Uid,
                    resourceVersion = newest.Metadata.ResourceVersion,
                    ownerReferences = (newest.Metadata.OwnerReferences ?? []).Where(owner => !owners.Contains(owner.Uid ?? "")).ToList(),
                },
            },
            cancellationToken);

    public async Task DeleteAsync(GarbageObject obj, PartialObject newest, string policy, CancellationToken cancellationToken)
    {
        var options = new V1DeleteOptions
        {
            PropagationPolicy = policy,
            Preconditions = new V1Preconditions { Uid = obj.Uid, ResourceVersion = newest.Metadata.ResourceVersion },
        };
        try
        {
            await client.DeleteAsync(obj.Resource, obj.Key, options, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }

    private async Task PatchAsync(GarbageObject obj, object patch, CancellationToken cancellationToken)
    {
        try
        {
            await client.PatchAsync(obj.Resource, obj.Key, new V1Patch(patch, V1Patch.PatchType.MergePatch), cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }
}
