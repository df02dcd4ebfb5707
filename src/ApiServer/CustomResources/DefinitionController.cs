using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Bootstrap;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.ApiExtensions;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>
/// Keeps the status of definitions: accepts their names, establishes them, and ends those that are deleted. Every API server runs it; what one has done the
/// others find done.
/// </summary>
internal sealed partial class DefinitionController(
    ServedResource definitions,
    Task cachePrimed,
    CacheReads reads,
    UpdateOperation update,
    DefinitionCleanup cleanup,
    TimeProvider clock,
    ILogger<DefinitionController> logger) : BackgroundService
{
    // Of the condition of a definition whose objects wait for their own finalizers.
    private const string InstancesLeft = "InstanceDeletionCheck";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, DefinitionSummary> _summaries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);
    private long _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await cachePrimed.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            // A watcher ends when the feed lost its place: everything is looked at again.
            var start = definitions.Cacher.WatchFromNow(
                new ObjectFilter(namespaceScoped: false, "", LabelSelector.Everything, FieldSelector.Everything, null), wantsBookmarks: false);
            using var watcher = start.Watcher;
            EnqueueAll(null);
            try
            {
                await FollowAsync(watcher, stoppingToken);
            }
            finally
            {
                definitions.Cacher.Remove(watcher);
            }
        }
    }

    private async Task FollowAsync(CacheWatcher watcher, CancellationToken cancellationToken)
    {
        var more = watcher.WaitAsync(cancellationToken).AsTask();
        while (true)
        {
            await ReconcileDueAsync(cancellationToken);
            await WaitAsync(more, cancellationToken);
            if (!more.IsCompleted)
            {
                continue;
            }

            if (!await more)
            {
                return;
            }

            while (watcher.TryRead(out var next))
            {
                _told = next.Revision;
                if (next.Object is { } definition)
                {
                    Enqueue(definition.Name, TimeSpan.Zero);
                }

                if (next.Type == CacheEventType.Deleted && next.Object is { } gone)
                {
                    // Its names are free: others may have waited for them.
                    _summaries.Remove(gone.Name);
                    EnqueueAll(gone.Name[(gone.Name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
                }
            }

            more = watcher.WaitAsync(cancellationToken).AsTask();
        }
    }

    private async Task WaitAsync(Task more, CancellationToken cancellationToken)
    {
        if (_due.Count == 0)
        {
            await more.WaitAsync(cancellationToken);
            return;
        }

        var delay = _due.Values.Min() - clock.GetUtcNow();
        if (delay > TimeSpan.Zero)
        {
            await Task.WhenAny(more, Task.Delay(delay, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Enqueue(string name, TimeSpan delay) => _due[name] = clock.GetUtcNow() + delay;

    private void EnqueueAll(string? group)
    {
        foreach (var definition in All().Where(definition => group is null || definition.Name.EndsWith($".{group}", StringComparison.Ordinal)))
        {
            Enqueue(definition.Name, TimeSpan.Zero);
        }
    }

    private async Task ReconcileDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var name in _due.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList())
        {
            _due.Remove(name);
            try
            {
                // Watchers are told of a change before the cache shows it.
                await reads.WaitForAsync(_told, cancellationToken);
                if (definitions.Cacher.Snapshot.Objects.Find(name) is { } definition && await ReconcileAsync(definition, cancellationToken) is { } again)
                {
                    Enqueue(name, again);
                }
            }
            catch (StatusException error) when (error.Code == StatusCodes.Status404NotFound)
            {
                // Another server ended it meanwhile.
                continue;
            }
            catch (Exception error) when (error is StatusException or StorageException)
            {
                Log.Failed(logger, name, error.Message);
                Enqueue(name, RetryDelay);
            }
        }
    }

    /// <summary>When to look again; null for not before something changes.</summary>
    private async Task<TimeSpan?> ReconcileAsync(CachedObject cached, CancellationToken cancellationToken)
    {
        if (Summary(cached).IsSettled)
        {
            return null;
        }

        var definition = ObjectCodec.Parse(cached.Json.Span);
        if (ObjectMetadata.IsDeleting(definition))
        {
            return await EndAsync(cached.Name, definition, cancellationToken);
        }

        var changed = (JsonObject)definition.DeepClone();
        Establish(changed);
        if (!JsonNode.DeepEquals(changed, definition))
        {
            await WriteAsync(cached.Name, Establish, cancellationToken);
        }

        return null;
    }

    private void Establish(JsonObject definition)
    {
        var name = definition.StringAt("metadata", "name");
        var now = ObjectMetadata.Timestamp(clock.GetUtcNow());
        var group = definition.StringAt("spec", "group");
        var others = All().Where(other => other.Name != name).Select(Summary).Where(other => other.Group == group);
        NameRules.Apply(definition, [.. others.Select(other => other.Accepted).OfType<DefinitionNames>()], now);
        ApprovalRules.SetCondition(definition, now);
    }

    private async Task<TimeSpan?> EndAsync(string name, JsonObject definition, CancellationToken cancellationToken)
    {
        if ((definition.At("metadata", "finalizers") as JsonArray)?.Any(finalizer => finalizer.StringAt() == CustomResourceDefinitionStrategy.CleanupFinalizer) != true)
        {
            return null;
        }

        if (!definition.ObjectsAt("status", "conditions").Any(condition => condition.StringAt("reason") == InstancesLeft))
        {
            await WriteAsync(
                name, current => SetTerminating(current, true, "InstanceDeletionInProgress", "CustomResource deletion is in progress"), cancellationToken);
        }

        var outcome = await cleanup.DeleteObjectsAsync(definition, cancellationToken);
        await WriteAsync(
            name,
            current =>
            {
                SetTerminating(current, !outcome.IsDone, outcome.Reason, outcome.Message);
                if (outcome.IsDone)
                {
                    RemoveFinalizer(current);
                }
            },
            cancellationToken);
        return outcome.IsDone ? null : RetryDelay;
    }

    private void SetTerminating(JsonObject definition, bool isTrue, string reason, string message) => DefinitionConditions.Set(
        definition, DefinitionConditions.Terminating, isTrue, reason, message, ObjectMetadata.Timestamp(clock.GetUtcNow()));

    private static void RemoveFinalizer(JsonObject definition)
    {
        var metadata = ObjectMetadata.Of(definition);
        JsonNode[] left = [.. (metadata["finalizers"] as JsonArray ?? []).Select(finalizer => finalizer.StringAt() ?? "")
            .Where(finalizer => finalizer != CustomResourceDefinitionStrategy.CleanupFinalizer).Select(finalizer => JsonValue.Create(finalizer))];
        metadata["finalizers"] = new JsonArray(left);
        if (left.Length == 0)
        {
            metadata.Remove("finalizers");
        }
    }

    private async Task WriteAsync(string name, Action<JsonObject> change, CancellationToken cancellationToken)
    {
        var request = new WriteRequest(definitions, "", name, SystemWriter.User, "status");
        var written = await update.UpdateAsync(
            request,
            new ObjectUpdate(UpdateScope.Status, (current, _) =>
            {
                var obj = current?.DeepClone() as JsonObject ?? throw StatusException.NotFound(definitions.Name, name);
                change(obj);
                return ValueTask.FromResult(obj);
            }),
            cancellationToken);

        // The next definition is compared with names that this one has now.
        if (!written.IsGone && long.TryParse(ObjectCodec.Parse(written.Json.Span).StringAt("metadata", "resourceVersion"), out var revision))
        {
            await reads.WaitForAsync(revision, cancellationToken);
        }
    }

    private DefinitionSummary Summary(CachedObject definition)
    {
        if (!_summaries.TryGetValue(definition.Name, out var summary) || summary.Revision != definition.Revision)
        {
            _summaries[definition.Name] = summary = DefinitionSummary.Read(definition);
        }

        return summary;
    }

    private List<CachedObject> All()
    {
        var all = new List<CachedObject>();
        definitions.Cacher.Snapshot.Objects.VisitFrom("", (_, definition) =>
        {
            all.Add(definition);
            return true;
        });
        return all;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The status of CustomResourceDefinition {Name} could not be written: {Reason}")]
        public static partial void Failed(ILogger logger, string name, string reason);
    }
}
