using MiniKube.Api.Errors;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>
/// Finds the objects of a list, in the state that its resourceVersion asks for: from the cache, and from the store only for a state that the cache does not
/// keep. See docs of resourceVersionMatch upstream for the table that <see cref="ReadAsync"/> follows.
/// </summary>
internal sealed class ListReader(IKeyValueStore storage, CacheReads reads)
{
    private const string Expired = "The provided continue parameter is too old to display a consistent list result. " +
        "You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
        "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first " +
        "chunk was returned and now may show up in the list.";

    public async ValueTask<ObjectPage> ReadAsync(ServedResource resource, ReadQuery query, CancellationToken cancellationToken)
    {
        if (query.Continue.Length > 0)
        {
            return await ContinueAsync(resource, query, cancellationToken);
        }

        // A limited list of a given version is of exactly that version, as it was before there was resourceVersionMatch.
        var isExact = query.Match == "Exact" || (query.Match.Length == 0 && query.Limit > 0 && query.ResourceVersion > 0);
        if (isExact && query.ResourceVersion is { } exact)
        {
            var old = await SnapshotAtAsync(resource, exact, null, cancellationToken);
            return Page(resource, old, exact, query, "");
        }

        long newest = 0;
        switch (query.ResourceVersion)
        {
            case null:
                newest = await reads.WaitForNewestAsync(cancellationToken);
                break;
            case > 0:
                newest = query.ResourceVersion.Value;
                await reads.WaitForAsync(newest, cancellationToken);
                break;
            default:
                await reads.WaitForAnyAsync(cancellationToken);
                newest = reads.Revision;
                break;
        }

        var snapshot = resource.Cacher.Snapshot;
        return Page(resource, snapshot, Math.Max(newest, snapshot.Revision), query, "");
    }

    private async ValueTask<ObjectPage> ContinueAsync(ServedResource resource, ReadQuery query, CancellationToken cancellationToken)
    {
        if (query.ResourceVersion is > 0)
        {
            throw StatusException.BadRequest("specifying resource version is not allowed when using continue");
        }

        var token = ContinueToken.Parse(query.Continue);
        if (token.Revision < 0)
        {
            var revision = await reads.WaitForNewestAsync(cancellationToken);
            var newest = resource.Cacher.Snapshot;
            return Page(resource, newest, Math.Max(revision, newest.Revision), query, token.Start);
        }

        var snapshot = await SnapshotAtAsync(resource, token.Revision, token, cancellationToken);
        return Page(resource, snapshot, token.Revision, query, token.Start);
    }

    private async ValueTask<CacheSnapshot> SnapshotAtAsync(
        ServedResource resource, long revision, ContinueToken? token, CancellationToken cancellationToken)
    {
        // First, so that the snapshot has every change up to the revision: the token may come from another server, which is ahead.
        await reads.WaitForAsync(revision, cancellationToken);
        var newest = resource.Cacher.Snapshot;
        if (newest.Revision <= revision)
        {
            return newest;
        }

        if (resource.Cacher.Archive.Find(revision) is { } kept)
        {
            return kept;
        }

        try
        {
            var result = await storage.RangeAsync(new RangeQuery(KeyRange.Prefix(resource.Cacher.Prefix), revision), cancellationToken);
            return resource.Cacher.Read(result.Items, revision);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.Compacted)
        {
            var expired = StatusException.Expired(token is null ? $"The resourceVersion for the provided list is too old." : Expired);
            expired.Status.Metadata.ContinueProperty = token is null ? null : (token with { Revision = -1 }).Encode();
            throw expired;
        }
    }

    private static ObjectPage Page(ServedResource resource, CacheSnapshot snapshot, long revision, ReadQuery query, string start)
    {
        snapshot.CheckReadable(query.Filter, resource.Name, resource.Cacher.Prefix);

        // A list of any version (resourceVersion=0) is not cut in pages, as upstream's cache does not.
        var limit = query.Limit > 0 && query.ResourceVersion != 0 ? query.Limit : long.MaxValue;
        var items = new List<CachedObject>(limit < 1000 ? (int)limit : 0);
        CachedObject? next = null;
        long remaining = 0;
        snapshot.Visit(query.Filter, start, obj =>
        {
            if (items.Count < limit)
            {
                items.Add(obj);
                return true;
            }

            next ??= obj;
            remaining++;
            return !query.Filter.HasSelectors;
        });
        if (next is null)
        {
            return new ObjectPage(items, new ListMetadata(revision));
        }

        resource.Cacher.Archive.Keep(revision, snapshot);
        return new ObjectPage(
            items, new ListMetadata(revision, new ContinueToken(revision, next.Key).Encode(), query.Filter.HasSelectors ? null : remaining));
    }
}
