using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Bootstrap;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.ApiServer.FlowControl;

/// <summary>Keeps the condition Dangling of every FlowSchema: whether the priority level that it leads to is there.</summary>
internal sealed partial class DanglingSchemas(
    ResourceCatalog catalog, SystemWriter writer, Task ready, TimeProvider clock, ILogger<DanglingSchemas> logger) : BackgroundService
{
    private const string Schemas = "flowschemas";
    private const string Dangling = "Dangling";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private (CacheSnapshot? Schemas, CacheSnapshot? Levels) _seen;

    /// <summary>The condition of a schema that leads to that level.</summary>
    public static JsonObject Condition(string level, bool isThere) => new()
    {
        ["type"] = Dangling,
        ["status"] = isThere ? "False" : "True",
        ["reason"] = isThere ? "Found" : "NotFound",
        ["message"] = $"This FlowSchema references the PriorityLevelConfiguration object named {GoText.Quote(level)} "
            + (isThere ? "and it exists" : "but there is no such object"),
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = (SnapshotOf(Schemas), SnapshotOf("prioritylevelconfigurations"));
            if (now != _seen)
            {
                try
                {
                    await SyncAsync(now.Item1, now.Item2, stoppingToken);
                    _seen = now;
                }
                catch (Exception error) when (error is StatusException or StorageException)
                {
                    Log.Failed(logger, error.Message);
                }
            }

            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private CacheSnapshot SnapshotOf(string resource) => catalog.Get(FlowClassifier.Group, "v1", resource).Cacher.Snapshot;

    private async Task SyncAsync(CacheSnapshot schemas, CacheSnapshot levels, CancellationToken cancellationToken)
    {
        var wrong = new List<(string Name, JsonObject Condition)>();
        schemas.Objects.VisitPrefix("", "", cached =>
        {
            var schema = ObjectCodec.Parse(cached.Json.Span);
            var level = schema.StringAt("spec", "priorityLevelConfiguration", "name") ?? "";
            var wanted = Condition(level, levels.Objects.Find(level) is not null);
            var actual = schema.ObjectsAt("status", "conditions").FirstOrDefault(condition => condition.StringAt("type") == Dangling);
            if (actual.StringAt("status") != wanted.StringAt("status") || actual.StringAt("message") != wanted.StringAt("message"))
            {
                wanted["lastTransitionTime"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                wrong.Add((cached.Name, wanted));
            }

            return true;
        });
        foreach (var (name, condition) in wrong)
        {
            await writer.SetConditionAsync(FlowClassifier.Group, Schemas, name, condition, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Conditions of FlowSchemas could not be written: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
