using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Apps.StatefulSets;

/// <summary>Makes, mends and deletes the pods of a StatefulSet with their claims, and tells so by events on the set.</summary>
internal sealed class StatefulPodWriter(IObjectClient client, ILister<V1PersistentVolumeClaim> claims, IEventRecorder events)
{
    /// <returns>Whether the pod is made; not so while a claim of its name is about to be deleted.</returns>
    public async Task<bool> CreateAsync(V1StatefulSet set, V1Pod pod, int ordinal, CancellationToken cancellationToken)
    {
        if (Claims(set, ordinal).Any(claim => StatefulClaims.IsStale(set, pod, claim)))
        {
            return false;
        }

        try
        {
            await CreateClaimsAsync(set, pod, ordinal, cancellationToken);
            await client.CreateAsync(pod, cancellationToken);
            Tell(set, pod, "create", null);
            return true;
        }
        catch (StatusException exception) when (exception.Status.Reason != "AlreadyExists")
        {
            Tell(set, pod, "create", exception);
            throw;
        }
    }

    /// <summary>Makes the claims that are not there.</summary>
    public async Task CreateClaimsAsync(V1StatefulSet set, V1Pod pod, int ordinal, CancellationToken cancellationToken)
    {
        foreach (var claim in StatefulClaims.Of(set, ordinal))
        {
            if (!claims.TryGet(claim.Key(), out var existing))
            {
                await CreateClaimAsync(set, pod, claim, cancellationToken);
            }
            else if (existing.Metadata?.DeletionTimestamp is not null)
            {
                throw StatusException.Conflict(
                    new GroupVersionResource("", "v1", "persistentvolumeclaims"), claim.Key().Name, $"pvc {claim.Key().Name} is being deleted");
            }
        }
    }

    /// <summary>Brings labels, volumes and the claims' owners to what they should be.</summary>
    public async Task MendAsync(V1StatefulSet set, V1Pod pod, int ordinal, CancellationToken cancellationToken)
    {
        await SetClaimOwnersAsync(set, pod, ordinal, cancellationToken);
        if (StatefulPods.HasIdentity(pod) && StatefulPods.HasStorage(set, pod, ordinal))
        {
            return;
        }

        var mended = StatefulPods.WithStorage(set, StatefulPods.WithIdentity(pod, ordinal), ordinal);
        try
        {
            await CreateClaimsAsync(set, pod, ordinal, cancellationToken);
            await client.UpdateAsync(mended, cancellationToken);
            Tell(set, pod, "update", null);
        }
        catch (StatusException exception) when (exception.Status.Reason != "Conflict")
        {
            Tell(set, pod, "update", exception);
            throw;
        }
    }

    public async Task SetClaimOwnersAsync(V1StatefulSet set, V1Pod pod, int ordinal, CancellationToken cancellationToken)
    {
        foreach (var claim in Claims(set, ordinal))
        {
            if (StatefulClaims.OwnersToSet(set, pod, ordinal, claim) is not { } owners)
            {
                continue;
            }

            if (StatefulClaims.HasOtherController(set, pod, claim))
            {
                events.Record(
                    set,
                    "Warning",
                    "ConflictingController",
                    $"PersistentVolumeClaim {claim.Metadata?.Name} has a conflicting OwnerReference that acts as a managing controller, the retention policy is ignored for this claim");
            }

            var metadata = (claim.Metadata ?? new V1ObjectMeta()) with { OwnerReferences = owners.Count == 0 ? null : [.. owners] };
            await client.UpdateAsync(claim with { Metadata = metadata }, cancellationToken);
        }
    }

    /// <summary>Deletes the pod that is meant, not one of its name that came after it.</summary>
    public async Task DeleteAsync(V1StatefulSet set, V1Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = pod.Metadata?.Uid } };
            await client.DeleteAsync<V1Pod>(pod.Key(), options, cancellationToken);
            Tell(set, pod, "delete", null);
        }
        catch (StatusException exception) when (exception.Code is 404 or 409)
        {
            // Gone already.
        }
        catch (StatusException exception)
        {
            Tell(set, pod, "delete", exception);
            throw;
        }
    }

    private IEnumerable<V1PersistentVolumeClaim> Claims(V1StatefulSet set, int ordinal)
    {
        foreach (var template in set.Spec?.VolumeClaimTemplates ?? [])
        {
            if (claims.TryGet(new NamespacedName(set.Key().Namespace, StatefulClaims.Name(set, template, ordinal)), out var claim))
            {
                yield return claim;
            }
        }
    }

    private async Task CreateClaimAsync(V1StatefulSet set, V1Pod pod, V1PersistentVolumeClaim claim, CancellationToken cancellationToken)
    {
        var what = $"create Claim {claim.Metadata?.Name} Pod {pod.Metadata?.Name} in StatefulSet {set.Metadata?.Name}";
        try
        {
            await client.CreateAsync(claim, cancellationToken);
            events.Record(set, "Normal", "SuccessfulCreate", $"{what} success");
        }
        catch (StatusException exception) when (exception.Status.Reason == "AlreadyExists")
        {
            // The cache does not know it yet.
        }
        catch (StatusException exception)
        {
            events.Record(set, "Warning", "FailedCreate", $"{what} failed error: {exception.Message}");
            throw;
        }
    }

    private void Tell(V1StatefulSet set, V1Pod pod, string verb, StatusException? failure)
    {
        var what = $"{verb} Pod {pod.Metadata?.Name} in StatefulSet {set.Metadata?.Name}";
        var title = char.ToUpperInvariant(verb[0]) + verb[1..];
        if (failure is null)
        {
            events.Record(set, "Normal", $"Successful{title}", $"{what} successful");
        }
        else
        {
            events.Record(set, "Warning", $"Failed{title}", $"{what} failed error: {failure.Message}");
        }
    }
}
