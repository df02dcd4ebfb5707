using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Apps.History;

/// <summary>Keeps the templates that a DaemonSet or StatefulSet had as ControllerRevisions, so that a rollout can be told and undone.</summary>
internal sealed class RevisionHistory(IObjectClient client, ILister<V1ControllerRevision> revisions)
{
    // A name has at most 253 characters, the hash and its hyphen at most 30 of them: upstream's number.
    private const int MaxPrefix = 223;

    private readonly Ownership<V1ControllerRevision> _ownership = new(client, revisions);

    /// <summary>Makes the revision of the template of now, or the newest of one that was there before.</summary>
    public async Task<RevisionSet> SyncAsync<TOwner>(TOwner owner, RevisionedSpec spec, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        var all = await ListAsync(owner, spec, cancellationToken);
        var data = RevisionData.Of(spec.Template);
        var current = all.LastOrDefault(revision => RevisionData.Of(revision) == data);
        var next = all.Where(revision => revision != current).Select(revision => revision.Revision ?? 0).DefaultIfEmpty().Max() + 1;
        if (current is null)
        {
            return await CreateAsync(all, spec, data, next, cancellationToken);
        }

        if (current.Revision >= next)
        {
            return new RevisionSet(current, all, spec.Collisions);
        }

        var moved = await client.UpdateAsync(current with { Revision = next }, cancellationToken);
        return new RevisionSet(moved, [.. all.Where(revision => revision != current), moved], spec.Collisions);
    }

    /// <summary>The hash that pods of a revision carry.</summary>
    public static string HashOf(V1ControllerRevision revision, string label) =>
        revision.Metadata?.Labels?.TryGetValue(label, out var hash) == true ? hash : revision.Metadata?.Name ?? "";

    /// <summary>Deletes the oldest of some revisions.</summary>
    public async Task DeleteAsync(IEnumerable<V1ControllerRevision> candidates, int surplus, CancellationToken cancellationToken)
    {
        foreach (var revision in candidates.Take(Math.Max(0, surplus)).ToList())
        {
            try
            {
                await client.DeleteAsync<V1ControllerRevision>(revision.Key(), null, cancellationToken);
            }
            catch (StatusException exception) when (exception.Code == 404)
            {
                // Gone already.
            }
        }
    }

    private async Task<IReadOnlyList<V1ControllerRevision>> ListAsync<TOwner>(TOwner owner, RevisionedSpec spec, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        var claimed = await _ownership.ClaimAsync(owner, LabelSelector.From(spec.Selector), _ => true, cancellationToken);
        return
        [
            .. claimed
                .OrderBy(revision => revision.Revision)
                .ThenBy(revision => revision.Metadata?.CreationTimestamp)
                .ThenBy(revision => revision.Metadata?.Name, StringComparer.Ordinal),
        ];
    }

    private async Task<RevisionSet> CreateAsync(
        IReadOnlyList<V1ControllerRevision> all, RevisionedSpec spec, string data, long number, CancellationToken cancellationToken)
    {
        for (var collisions = spec.Collisions; ; collisions = (collisions ?? 0) + 1)
        {
            var revision = New(spec, data, number, collisions);
            try
            {
                var created = await client.CreateAsync(revision, cancellationToken);
                return new RevisionSet(created, [.. all, created], collisions);
            }
            catch (StatusException exception) when (exception.Status.Reason == "AlreadyExists")
            {
                var existing = await client.GetAsync<V1ControllerRevision>(revision.Key(), cancellationToken);
                if (RevisionData.Of(existing) != data)
                {
                    // Another template has this hash.
                    continue;
                }

                // Ours, and the cache does not know it yet.
                return new RevisionSet(existing, [.. all, existing], collisions);
            }
        }
    }

    private static V1ControllerRevision New(RevisionedSpec spec, string data, long number, int? collisions)
    {
        var owner = spec.Owner.Metadata;
        var name = owner?.Name ?? "";
        var hash = NameHash.Of(data, collisions);
        return new V1ControllerRevision
        {
            ApiVersion = "apps/v1",
            Kind = "ControllerRevision",
            Metadata = new V1ObjectMeta
            {
                Name = $"{(name.Length > MaxPrefix ? name[..MaxPrefix] : name)}-{hash}",
                NamespaceProperty = owner?.NamespaceProperty,
                Labels = new Dictionary<string, string>(spec.Template?.Metadata?.Labels ?? new Dictionary<string, string>()) { [spec.HashLabel] = hash },
                Annotations = owner?.Annotations,
                OwnerReferences = [spec.Owner.ToControllerReference()],
            },
            Data = RevisionData.Element(data),
            Revision = number,
        };
    }
}
