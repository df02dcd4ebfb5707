using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Apps;

/// <summary>
/// Makes what an owner's selector chooses its own, and lets go of what it does not choose any more. An object has one managing owner: what another has is left alone.
/// </summary>
/// <param name="client">Writes the owner references.</param>
/// <param name="lister">What there is.</param>
/// <param name="finalizer">Goes with the ownership: what is adopted gets it, what is released loses it. Null for none.</param>
internal sealed class Ownership<T>(IObjectClient client, ILister<T> lister, string? finalizer = null)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <returns>The objects that are the owner's now.</returns>
    /// <param name="owner">Nothing is adopted or released for an owner that is being deleted.</param>
    /// <param name="selector">What the owner chooses.</param>
    /// <param name="counts">Which objects matter at all, such as active pods.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<IReadOnlyList<T>> ClaimAsync<TOwner>(
        TOwner owner, LabelSelector selector, Func<T, bool> counts, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        var claimed = new List<T>();
        foreach (var owned in lister.OwnedBy(owner).Where(counts))
        {
            if (selector.MatchesLabels(owned.Metadata?.Labels))
            {
                claimed.Add(owned);
            }
            else if (owner.Metadata?.DeletionTimestamp is null)
            {
                await ReleaseAsync(owner, owned, cancellationToken);
            }
        }

        if (owner.Metadata?.DeletionTimestamp is null)
        {
            var orphans = lister.Unmanaged(owner.Key().Namespace)
                .Where(obj => counts(obj) && obj.Metadata?.DeletionTimestamp is null && selector.MatchesLabels(obj.Metadata?.Labels))
                .ToList();
            claimed.AddRange(await AdoptAsync(owner, orphans, cancellationToken));
        }

        return claimed;
    }

    private async Task<List<T>> AdoptAsync<TOwner>(TOwner owner, List<T> orphans, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        var adopted = new List<T>();
        if (orphans.Count == 0 || !await IsAliveAsync(owner, cancellationToken))
        {
            return adopted;
        }

        foreach (var orphan in orphans)
        {
            var references = new List<V1OwnerReference>(orphan.Metadata?.OwnerReferences ?? []) { owner.ToControllerReference() };
            var finalizers = finalizer is null ? null : Without(orphan).Append(finalizer);
            if (await PatchAsync(orphan, references, finalizers, cancellationToken) is { } patched)
            {
                adopted.Add(patched);
            }
        }

        return adopted;
    }

    // The cache may not know yet that the owner is being deleted. What it adopted then would be deleted with it, though its user wanted it orphaned.
    private async Task<bool> IsAliveAsync<TOwner>(TOwner owner, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var fresh = await client.GetAsync<TOwner>(owner.Key(), cancellationToken);
            return fresh.Metadata?.Uid == owner.Metadata?.Uid && fresh.Metadata?.DeletionTimestamp is null;
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            return false;
        }
    }

    private Task<T?> ReleaseAsync(IKubernetesObject<V1ObjectMeta> owner, T owned, CancellationToken cancellationToken) => PatchAsync(
        owned,
        [.. (owned.Metadata?.OwnerReferences ?? []).Where(reference => reference.Uid != owner.Metadata?.Uid)],
        finalizer is null ? null : Without(owned),
        cancellationToken);

    private IEnumerable<string> Without(T obj) => (obj.Metadata?.Finalizers ?? []).Where(other => other != finalizer);

    // The uid keeps this from touching a namesake, the version from undoing what another owner did since.
    private async Task<T?> PatchAsync(
        T obj, IReadOnlyList<V1OwnerReference> references, IEnumerable<string>? finalizers, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, object?>
        {
            ["uid"] = obj.Metadata?.Uid,
            ["resourceVersion"] = obj.Metadata?.ResourceVersion,
            ["ownerReferences"] = references,
        };
        if (finalizers is not null)
        {
            metadata["finalizers"] = finalizers.ToList();
        }

        var patch = new { metadata };
        try
        {
            return await client.PatchAsync<T>(obj.Key(), new V1Patch(patch, V1Patch.PatchType.MergePatch), null, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code is 404 or 422)
        {
            // Gone, or not the object that was meant.
            return null;
        }
    }
}
