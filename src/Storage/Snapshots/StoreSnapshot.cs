using System.Runtime.CompilerServices;

namespace MiniKube.Storage.Snapshots;

/// <summary>Saves what a store holds at one revision, and makes a store hold that again, at revisions that are higher than any that it has given out.</summary>
public static class StoreSnapshot
{
    private const int PageItems = 500;
    private const int OperationsAtOnce = 100;
    private const int BytesAtOnce = TransactionLimits.MaxRequestBytes / 2;
    private const int WritersThatAdvance = 64;

    /// <param name="store">Which may be written to meanwhile: all is read at the revision of the first page.</param>
    /// <param name="range">What to save.</param>
    /// <param name="keeps">Leaves out keys that end by themselves: their time to live is not saved.</param>
    /// <param name="output">Where to write it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SnapshotSummary> SaveAsync(
        IKeyValueStore store, KeyRange range, Func<string, bool> keeps, Stream output, CancellationToken cancellationToken)
    {
        var revision = await store.CurrentRevisionAsync(cancellationToken);
        await using var writer = new SnapshotWriter(output, revision);
        await foreach (var item in ReadAllAsync(store, range, revision, cancellationToken))
        {
            if (keeps(item.Key))
            {
                writer.Write(item.Key, item.Value.Span);
            }
        }

        return writer.Finish();
    }

    /// <summary>
    /// Nobody else may write meanwhile. Nothing is changed if the snapshot is damaged. What is as it was saved stays untouched; the rest is written anew, then
    /// all history is forgotten, so that whoever watches from before is told so and lists again.
    /// </summary>
    /// <param name="store">Also one that is new and empty.</param>
    /// <param name="range">What was saved: other keys in it are deleted.</param>
    /// <param name="input">What <see cref="SaveAsync"/> wrote.</param>
    /// <param name="margin">How many revisions after the snapshot's a store may have given out of which this one knows nothing.</param>
    /// <param name="cancellationToken">Gives up; the restore must then be run again.</param>
    public static async Task<SnapshotSummary> RestoreAsync(
        IKeyValueStore store, KeyRange range, Stream input, long margin, CancellationToken cancellationToken)
    {
        var (summary, values) = SnapshotReader.Read(input);
        if (await store.CurrentRevisionAsync(cancellationToken) < summary.Revision)
        {
            await AdvanceAsync(store, range.Start, summary.Revision + margin, cancellationToken);
        }

        var batch = new List<Operation>();
        var revision = await store.CurrentRevisionAsync(cancellationToken);
        await foreach (var item in ReadAllAsync(store, range, revision, cancellationToken))
        {
            if (!values.TryGetValue(item.Key, out var saved))
            {
                await AddAsync(store, batch, Operation.Delete(item.Key), cancellationToken);
            }
            else if (saved.AsSpan().SequenceEqual(item.Value.Span))
            {
                values.Remove(item.Key);
            }
        }

        foreach (var (key, value) in values)
        {
            await AddAsync(store, batch, Operation.Put(key, value), cancellationToken);
        }

        await CommitAsync(store, batch, cancellationToken);
        await store.CompactAsync(await store.CurrentRevisionAsync(cancellationToken), cancellationToken);
        return summary;
    }

    private static async IAsyncEnumerable<KeyValue> ReadAllAsync(
        IKeyValueStore store, KeyRange range, long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var rest = range; ;)
        {
            var page = await store.RangeAsync(new RangeQuery(rest, revision, PageItems), cancellationToken);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            if (page.Items.Count < PageItems)
            {
                yield break;
            }

            rest = rest with { Start = page.Items[^1].Key + "\0" };
        }
    }

    // A store has no other way to a higher revision than to write.
    private static async Task AdvanceAsync(IKeyValueStore store, string prefix, long target, CancellationToken cancellationToken)
    {
        var key = prefix + ".restoring";
        await Parallel.ForEachAsync(
            Enumerable.Range(0, WritersThatAdvance),
            new ParallelOptions { MaxDegreeOfParallelism = WritersThatAdvance, CancellationToken = cancellationToken },
            async (writer, token) =>
            {
                for (var revision = 0L; revision < target;)
                {
                    revision = (await store.CommitAsync(new Transaction([], [Operation.Put(key, Array.Empty<byte>())]), token)).Revision;
                }
            });
        await store.CommitAsync(new Transaction([], [Operation.Delete(key)]), cancellationToken);
    }

    private static async Task AddAsync(IKeyValueStore store, List<Operation> batch, Operation operation, CancellationToken cancellationToken)
    {
        var size = operation.Value?.Length ?? 0;
        if (batch.Count == OperationsAtOnce || (batch.Count > 0 && batch.Sum(each => each.Value?.Length ?? 0) + size > BytesAtOnce))
        {
            await CommitAsync(store, batch, cancellationToken);
        }

        batch.Add(operation);
    }

    private static async Task CommitAsync(IKeyValueStore store, List<Operation> batch, CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
        {
            await store.CommitAsync(new Transaction([], [.. batch]), cancellationToken);
            batch.Clear();
        }
    }
}
