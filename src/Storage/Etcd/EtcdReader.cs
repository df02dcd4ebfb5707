using Etcdserverpb;

namespace MiniKube.Storage.Etcd;

/// <summary>Reads, in pages at one revision, so that no message grows with the range.</summary>
internal sealed class EtcdReader(EtcdMembers members)
{
    private const long PageBytes = 4 << 20;

    // Nothing is known of the values' sizes yet.
    private const int FirstPage = 64;
    private const int LargestPage = 10_000;

    private static readonly RangeRequest Nothing = new() { Key = EtcdMessages.Key("\0"), CountOnly = true };
    private long _newestSeen;

    /// <summary>The highest revision in any answer so far.</summary>
    public long NewestSeen => Volatile.Read(ref _newestSeen);

    public async Task<long> CurrentRevisionAsync(CancellationToken cancellationToken)
    {
        var response = await AskAsync(Nothing, cancellationToken);
        return response.Header.Revision;
    }

    public async Task<RangeResult> RangeAsync(RangeQuery query, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ReadPagesAsync(query, cancellationToken);
            }
            catch (StorageException e) when (e.Kind == StorageErrorKind.Compacted && query.Revision == 0)
            {
                // What was the newest revision at the first page has been compacted since: read what is newest now.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    public void Saw(long revision)
    {
        var seen = NewestSeen;
        while (revision > seen && Interlocked.CompareExchange(ref _newestSeen, revision, seen) != seen)
        {
            seen = NewestSeen;
        }
    }

    private async Task<RangeResult> ReadPagesAsync(RangeQuery query, CancellationToken cancellationToken)
    {
        var request = new RangeRequest
        {
            Key = EtcdMessages.Key(query.Range.Start),
            RangeEnd = EtcdMessages.Key(query.Range.End),
            Revision = query.Revision,
            CountOnly = query.CountOnly,
            Limit = Least(FirstPage, query.Limit),
        };
        var response = await AskAsync(request, cancellationToken);
        var revision = query.Revision == 0 ? response.Header.Revision : query.Revision;
        var items = new List<KeyValue>();
        var bytes = Add(items, response);
        while (response.More && (query.Limit == 0 || items.Count < query.Limit))
        {
            var page = (int)Math.Clamp(PageBytes * items.Count / Math.Max(bytes, 1), 1, LargestPage);
            request.Key = EtcdMessages.Key(items[^1].Key + '\0');
            request.Revision = revision;
            request.Limit = Least(page, query.Limit - items.Count);
            response = await AskAsync(request, cancellationToken);
            bytes += Add(items, response);
        }

        return new RangeResult(revision, query.CountOnly ? response.Count : items.Count, items);
    }

    private static int Least(int page, int limit) => limit > 0 && limit < page ? limit : page;

    private static long Add(List<KeyValue> items, RangeResponse response)
    {
        var bytes = 0L;
        foreach (var item in response.Kvs)
        {
            items.Add(EtcdMessages.ToKeyValue(item));
            bytes += item.Key.Length + item.Value.Length;
        }

        return bytes;
    }

    private async Task<RangeResponse> AskAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        var response = await members.AskAsync((member, options) => member.Kv.RangeAsync(request, options), cancellationToken);
        Saw(response.Header.Revision);
        return response;
    }
}
