using System.Globalization;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Quotas;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>The last step of every write: one transaction of the object, what changes with it, and the leader's fence.</summary>
/// <param name="storage">Where objects are.</param>
/// <param name="timeToLive">How long objects live that expire (events).</param>
/// <param name="quotas">Counts what a write takes from the quotas of its namespace; null when nobody counts.</param>
internal sealed class ObjectCommit(IKeyValueStore storage, TimeSpan timeToLive, QuotaKeeper? quotas = null)
{
    /// <summary>
    /// Runs attempts of a write, from the cached state first and then from what stood in the way, until one has a result. What an attempt refuses by a cached
    /// state is refused only if that is the newest.
    /// </summary>
    public async Task<WriteResult> RetryAsync(
        WriteRequest request, Func<CachedObject?, int, Task<(WriteResult? Result, CachedObject? Newest)>> tryOnce, CancellationToken cancellationToken)
    {
        var current = request.Resource.Cacher.Snapshot.Objects.Find(request.Resource.CacheKey(request.Namespace, request.Name));
        var isNewest = current is null;
        current ??= await ReadAsync(request, cancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var (result, newest) = await tryOnce(current, attempt);
                if (result is not null)
                {
                    return result;
                }

                (current, isNewest) = (newest, true);
            }
            catch (StatusException) when (!isNewest)
            {
                var newest = await ReadAsync(request, cancellationToken);
                if (newest?.Revision == current?.Revision)
                {
                    throw;
                }

                (current, isNewest) = (newest, true);
            }
        }
    }

    /// <summary>The object as it is after a commit that failed.</summary>
    public async ValueTask<CachedObject?> NewestAsync(WriteRequest request, CommitOutcome outcome, CancellationToken cancellationToken) => outcome switch
    {
        { ObjectChanged: false } => await ReadAsync(request, cancellationToken),
        { Newest: { } newest } => request.Resource.Cacher.Read(newest),
        _ => null,
    };

    /// <summary>Asks what else must hold and change, which may still set fields of the object.</summary>
    public ValueTask<WriteParts> PartsAsync(
        WriteRequest request, JsonObject? obj, JsonObject? old, int attempt, CancellationToken cancellationToken) =>
        request.Resource.Participant is { } participant
            ? participant.ParticipateAsync(new WriteAttempt(obj, old, request.Subresource, attempt, storage), cancellationToken)
            : ValueTask.FromResult(WriteParts.None);

    /// <summary>Adds what quotas count of the write; the object is null when it will be gone. Asked last: only what is good in all else may use up a quota.</summary>
    public ValueTask<WriteParts> WithQuotasAsync(
        WriteRequest request, JsonObject? obj, JsonObject? old, WriteParts parts, int attempt, CancellationToken cancellationToken) =>
        quotas?.CountAsync(request, obj, old, parts, attempt, cancellationToken) ?? ValueTask.FromResult(parts);

    /// <summary>Stores the bytes, or deletes the object if there are none, provided that its revision is still that one (0: that it is not there).</summary>
    public async Task<CommitOutcome> CommitAsync(
        WriteRequest request, string key, long revision, byte[]? stored, WriteParts parts, CancellationToken cancellationToken)
    {
        var operation = stored is null ? Operation.Delete(key) : Operation.Put(key, stored, request.Strategy.Expires ? timeToLive : null);
        var compare = new Compare(key, revision);
        var transaction = parts == WriteParts.None && request.Fence is null
            ? new Transaction([compare], [operation])
            : new Transaction([compare, .. parts.Compares, .. FenceOf(request)], [operation, .. parts.Operations]);
        var result = await storage.CommitAsync(transaction, cancellationToken);
        if (result.Succeeded)
        {
            return new CommitOutcome(true, result.Revision, false, null);
        }

        if (request.Fence is not null && result.FailedCompare == transaction.Compares.Count - 1)
        {
            throw Fenced(request);
        }

        var isObject = result.FailedCompare == 0;
        return new CommitOutcome(false, result.Revision, isObject, isObject ? result.CurrentOnFailure : null);
    }

    /// <summary>What is answered after a commit: the stored object with its version.</summary>
    public static WriteResult Answer(WriteRequest request, JsonObject obj, byte[] stored, long revision, WriteParts parts)
    {
        var codec = request.Resource.Codec;
        if (parts.RevisionAnnotation is { } annotation)
        {
            ObjectMetadata.Of(obj).GetOrAddObject("annotations")[annotation] = revision.ToString(CultureInfo.InvariantCulture);
            stored = codec.ToStored(obj);
        }

        return new WriteResult(ObjectBytes.FromStored(codec.ToServed(stored).Span, revision).Json, obj);
    }

    public async Task<CachedObject?> ReadAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        var result = await storage.RangeAsync(new RangeQuery(KeyRange.Single(request.StoreKey)), cancellationToken);
        return result.Items is [var item] ? request.Resource.Cacher.Read(item) : null;
    }

    private static Compare[] FenceOf(WriteRequest request) => request.Fence is { } fence ? [fence] : [];

    // A Status of its own: whoever gets it is no leader any more, and trying again cannot help.
    private static StatusException Fenced(WriteRequest request) => new(new V1Status
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Failure",
        Reason = "Fenced",
        Message = "the lease that this write depends on has been acquired by another holder",
        Details = new V1StatusDetails { Group = request.Resource.Name.Group, Kind = request.Resource.Name.Resource, Name = request.Name },
        Code = 412,
    });
}
