using System.Text.Json;

using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>
/// Makes resources of definitions as the feed of the cache sees them come and go, so that every API server serves them, in the order of the store. Not
/// thread-safe: the feed is its only caller.
/// </summary>
internal sealed partial class CustomResourceFeed(
    IKeyValueStore store,
    ResourceCatalog catalog,
    CacherSet cachers,
    Func<ObjectReader, Cacher> makeCacher,
    TimeProvider clock,
    ILogger<CustomResourceFeed> logger,
    ILogger<ObjectReader> readerLogger)
{
    // Requests that found a resource before it was replaced may read its cache until they end.
    private static readonly TimeSpan RetirementTime = TimeSpan.FromSeconds(90);

    private readonly Dictionary<string, CustomResourceSet> _sets = new(StringComparer.Ordinal);
    private readonly List<Cacher> _prepared = [];
    private readonly Queue<(Cacher Cacher, DateTimeOffset Ends)> _retired = new();

    /// <summary>
    /// Takes over all definitions, at start or when the feed lost its place. The cachers of new resources are in the set of cachers, for the caller to fill;
    /// they are served when the change is published.
    /// </summary>
    public CatalogChange Load(IReadOnlyList<KeyValue> definitions)
    {
        ForgetPrepared();
        var change = new CatalogChange(this);
        foreach (var key in _sets.Keys.Except(definitions.Select(definition => definition.Key)).ToList())
        {
            change.Replace(key, _sets[key], null);
        }

        foreach (var definition in definitions)
        {
            Compare(change, definition);
        }

        Prepare(change);
        return change;
    }

    /// <summary>Prepares what a batch changes: reads the objects of new resources. Null when it changes no definition.</summary>
    public async ValueTask<CatalogChange?> PrepareAsync(WatchBatch batch, CancellationToken cancellationToken)
    {
        ForgetPrepared();
        ForgetRetired();
        CatalogChange? change = null;
        foreach (var keyEvent in batch.Events.Where(keyEvent => keyEvent.KeyValue.Key.StartsWith(Definition.Prefix, StringComparison.Ordinal)))
        {
            change ??= new CatalogChange(this);
            if (keyEvent.Type == KeyEventType.Put)
            {
                Compare(change, keyEvent.KeyValue);
            }
            else if (_sets.TryGetValue(keyEvent.KeyValue.Key, out var gone))
            {
                change.Replace(keyEvent.KeyValue.Key, gone, null);
            }
        }

        foreach (var group in change?.AddedCachers.GroupBy(cacher => cacher.Prefix) ?? [])
        {
            // As of the batch, whose events are applied next: what they repeat the cacher skips.
            var objects = await store.RangeAsync(new RangeQuery(KeyRange.Prefix(group.Key), batch.Revision), cancellationToken);
            foreach (var cacher in group)
            {
                var content = new CacheContent();
                foreach (var item in objects.Items)
                {
                    cacher.Read(item, content);
                }

                cacher.Reset(content, batch.Revision);
            }
        }

        if (change is not null)
        {
            Prepare(change);
        }

        return change;
    }

    internal void Publish(CatalogChange change)
    {
        _prepared.Clear();
        catalog.Change(change.Removed, change.Added);
        foreach (var (key, set) in change.Sets)
        {
            if (set is null)
            {
                _sets.Remove(key);
            }
            else
            {
                _sets[key] = set;
                if (Definitions.Snapshot.Objects.Find(key[Definition.Prefix.Length..]) is { } definition)
                {
                    set.Schemas.Share(definition);
                }
            }
        }

        foreach (var resource in change.Removed)
        {
            resource.Cacher.Retire();
            _retired.Enqueue((resource.Cacher, clock.GetUtcNow() + RetirementTime));
        }
    }

    private Cacher Definitions => catalog.Get(Definition.ApiGroup, "v1", Definition.Resource).Cacher;

    private void Compare(CatalogChange change, KeyValue stored)
    {
        var before = change.Sets.GetValueOrDefault(stored.Key) ?? _sets.GetValueOrDefault(stored.Key);
        try
        {
            var definition = Definition.Read(stored.Value);
            change.Replace(
                stored.Key, before, before?.Definition.Hash == definition.Hash ? before : CustomResourceSet.Create(definition, stored.Value, makeCacher, readerLogger));
        }
        catch (JsonException error)
        {
            Log.Undecodable(logger, error, stored.Key);
        }
    }

    private void Prepare(CatalogChange change)
    {
        _prepared.AddRange(change.AddedCachers);
        cachers.Add(_prepared);
    }

    // What the store's failure kept from being published is prepared again.
    private void ForgetPrepared()
    {
        _prepared.ForEach(cachers.Remove);
        _prepared.Clear();
    }

    private void ForgetRetired()
    {
        while (_retired.TryPeek(out var oldest) && oldest.Ends <= clock.GetUtcNow())
        {
            cachers.Remove(_retired.Dequeue().Cacher);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The stored value of {Key} is not a CustomResourceDefinition; its resources are not served")]
        public static partial void Undecodable(ILogger logger, Exception exception, string key);
    }
}
