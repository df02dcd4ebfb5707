using MiniKube.ApiServer.CustomResources;
using MiniKube.Storage;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// The one watch of the store, over the whole key space in revision order: fills the cachers, then keeps them up to date. What is outside every
/// resource is dropped, but moves the revision on: so every revision arrives, and a reader can wait for the one it needs. At start it begins a little
/// in the past, as far as the store still remembers: who watched the server that was here before goes on where it was, and need not list again.
/// </summary>
internal sealed partial class StoreFeed(
    IKeyValueStore store,
    CacherSet cachers,
    CacheProgress progress,
    CustomResourceFeed customResources,
    TimeProvider clock,
    ILogger<StoreFeed> logger) : BackgroundService
{
    private const int PageSize = 2000;

    // Enough for the writes of a restart, and read in some tens of milliseconds.
    private const long RevisionsBeforeStart = 1000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _primed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Of how many revisions before the newest the cache learns at start.
    private long _lookBack = RevisionsBeforeStart;

    // What the newest revision was when the cachers were filled: before that it would tell of the past.
    private long _readableFrom;

    /// <summary>Completes when every cacher has been filled once and has caught up.</summary>
    public Task Primed => _primed.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? next = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                next ??= await FillAsync(stoppingToken) + 1;
                await foreach (var batch in store.WatchAsync(KeyRange.All, next.Value, stoppingToken))
                {
                    // What a definition changes is served as soon as the definition is told: a client that has seen it established may use it.
                    var change = await customResources.PrepareAsync(batch, stoppingToken);
                    Apply(batch);
                    change?.Publish();
                    Publish(batch.Revision);
                    next = batch.Revision + 1;
                }
            }
            catch (StorageException error)
            {
                Log.Interrupted(logger, error.Kind, error.Message);

                // What is gone cannot be watched: only a new beginning helps.
                next = error.Kind is StorageErrorKind.Compacted or StorageErrorKind.FutureRevision ? null : next;
                _lookBack = next is null ? 0 : _lookBack;
            }

            await Task.Delay(RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long> FillAsync(CancellationToken cancellationToken)
    {
        _readableFrom = await store.CurrentRevisionAsync(cancellationToken);
        var revision = await BeginningAsync(_readableFrom, cancellationToken);

        // First, so that there is a cacher for what they define.
        var definitions = await store.RangeAsync(new RangeQuery(KeyRange.Prefix(Definition.Prefix), revision), cancellationToken);
        var change = customResources.Load(definitions.Items);
        var pages = new List<Task<Dictionary<Cacher, CacheContent>>>();
        var range = KeyRange.Prefix("/registry/");
        RangeResult page;
        do
        {
            page = await store.RangeAsync(new RangeQuery(range, revision, PageSize), cancellationToken);
            var items = page.Items;

            // Made into objects while the store reads the next page.
            pages.Add(Task.Run(() => Read(items), cancellationToken));
            range = items.Count > 0 ? range with { Start = items[^1].Key + "\0" } : range;
        }
        while (page.Items.Count == PageSize);

        var contents = cachers.All.ToDictionary(cacher => cacher, _ => new CacheContent());
        foreach (var (cacher, part) in (await Task.WhenAll(pages)).SelectMany(read => read))
        {
            contents[cacher].Add(part);
        }

        foreach (var (cacher, all) in contents)
        {
            cacher.Reset(all, revision);
        }

        change.Publish();
        var count = contents.Values.Sum(all => all.Objects.Count);
        Log.Filled(logger, count, revision);
        Publish(revision);
        return revision;
    }

    private Dictionary<Cacher, CacheContent> Read(IReadOnlyList<KeyValue> items)
    {
        var contents = new Dictionary<Cacher, CacheContent>();
        foreach (var item in items)
        {
            foreach (var cacher in cachers.Find(item.Key))
            {
                if (!contents.TryGetValue(cacher, out var content))
                {
                    contents.Add(cacher, content = new CacheContent());
                }

                cacher.Read(item, content);
            }
        }

        return contents;
    }

    /// <summary>The revision to fill the cachers with, from which on their history is whole: as far before the newest as wanted, unless that has been compacted.</summary>
    private async Task<long> BeginningAsync(long newest, CancellationToken cancellationToken)
    {
        // Once readers have seen the cache it must not go back.
        for (var back = _primed.Task.IsCompleted ? 0 : _lookBack; back > 0; back /= 2)
        {
            try
            {
                var revision = Math.Max(1, newest - back);
                await store.RangeAsync(new RangeQuery(KeyRange.Single(Definition.Prefix), revision, CountOnly: true), cancellationToken);
                return revision;
            }
            catch (StorageException error) when (error.Kind == StorageErrorKind.Compacted)
            {
                // What is younger may still be there.
            }
        }

        return newest;
    }

    private void Publish(long revision)
    {
        if (revision >= _readableFrom)
        {
            progress.Publish(revision);
            _primed.TrySetResult();
        }
    }

    private void Apply(WatchBatch batch)
    {
        var events = batch.Events;
        for (var start = 0; start < events.Count;)
        {
            // Nearly always one event, or several of one resource: those are applied together.
            var target = cachers.Find(events[start].KeyValue.Key);
            var end = start + 1;
            while (end < events.Count && ReferenceEquals(cachers.Find(events[end].KeyValue.Key), target))
            {
                end++;
            }

            foreach (var cacher in target)
            {
                cacher.Apply(end - start == events.Count ? events : [.. events.Skip(start).Take(end - start)]);
            }

            start = end;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The cache holds {Count} objects of revision {Revision}")]
        public static partial void Filled(ILogger logger, int count, long revision);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of the store was interrupted ({Kind}): {Reason}")]
        public static partial void Interrupted(ILogger logger, StorageErrorKind kind, string reason);
    }
}
