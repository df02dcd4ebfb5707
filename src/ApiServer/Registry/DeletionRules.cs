using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>What a DELETE does to an object (upstream's rest.BeforeDelete and the finalizers of propagation): pure, so that it can be tested in tables.</summary>
internal static class DeletionRules
{
    public const string OrphanFinalizer = "orphan";
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Changes the object to what must be stored; returns false when it can be removed at once instead.</summary>
    public static bool Begin(JsonObject obj, ResourceStrategy strategy, DeleteOptions options, DateTimeOffset now)
    {
        SetFinalizers(obj, strategy, options);
        var metadata = ObjectMetadata.Of(obj);
        var requested = options.GracePeriodSeconds is < 0 ? 1 : options.GracePeriodSeconds;
        if (ObjectMetadata.IsDeleting(obj))
        {
            return GoOn(obj, metadata, strategy, requested, now);
        }

        var grace = strategy.GracePeriodSeconds(obj, requested) ?? 0;
        if (grace == 0 && !strategy.HasFinalizers(obj))
        {
            return false;
        }

        Mark(metadata, now, grace);
        if (metadata.ContainsKey("generation"))
        {
            ObjectMetadata.IncreaseGeneration(obj);
        }

        strategy.PrepareForDelete(obj);
        return true;
    }

    // A deletion that runs may only be shortened, counted from when it began.
    private static bool GoOn(JsonObject obj, JsonObject metadata, ResourceStrategy strategy, long? requested, DateTimeOffset now)
    {
        var running = metadata.IntegerAt("deletionGracePeriodSeconds") ?? 0;
        if (requested is { } grace && grace < running)
        {
            Mark(metadata, Began(metadata, running) ?? now, grace);
            running = grace;
        }

        return running > 0 || strategy.HasFinalizers(obj);
    }

    /// <summary>Whether nothing holds a deleted object any longer: no finalizer, no grace.</summary>
    public static bool IsFinished(JsonObject obj, ResourceStrategy strategy) =>
        ObjectMetadata.IsDeleting(obj)
        && (obj.IntegerAt("metadata", "deletionGracePeriodSeconds") ?? 0) == 0
        && !strategy.HasFinalizers(obj);

    private static void Mark(JsonObject metadata, DateTimeOffset start, long grace)
    {
        metadata["deletionTimestamp"] = ObjectMetadata.Timestamp(start.AddSeconds(grace));
        metadata["deletionGracePeriodSeconds"] = grace;
    }

    private static DateTimeOffset? Began(JsonObject metadata, long grace) =>
        DateTimeOffset.TryParse(metadata.StringAt("deletionTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var ends)
            ? ends.AddSeconds(-grace)
            : null;

    private static void SetFinalizers(JsonObject obj, ResourceStrategy strategy, DeleteOptions options)
    {
        var metadata = ObjectMetadata.Of(obj);
        var before = (metadata["finalizers"] as JsonArray)?.Select(finalizer => finalizer?.ToString() ?? "").ToList() ?? [];
        var orphan = ShouldOrphan(before, strategy, options);
        var foreground = ShouldWait(before, options);
        var after = before.Where(finalizer => finalizer is not (OrphanFinalizer or ForegroundFinalizer)).ToList();
        if (orphan)
        {
            after.Add(OrphanFinalizer);
        }

        if (foreground)
        {
            after.Add(ForegroundFinalizer);
        }

        if (after.SequenceEqual(before))
        {
            return;
        }

        metadata["finalizers"] = new JsonArray([.. after.Select(finalizer => JsonValue.Create(finalizer))]);
        if (after.Count == 0)
        {
            metadata.Remove("finalizers");
        }
    }

    private static bool ShouldOrphan(List<string> before, ResourceStrategy strategy, DeleteOptions options) => options switch
    {
        { OrphanDependents: { } orphan } => orphan,
        { PropagationPolicy: { } policy } => policy == "Orphan",
        _ when before.Contains(OrphanFinalizer) => true,
        _ when before.Contains(ForegroundFinalizer) => false,
        _ => strategy.OrphansDependentsByDefault,
    };

    private static bool ShouldWait(List<string> before, DeleteOptions options) => options switch
    {
        { OrphanDependents: not null } => false,
        { PropagationPolicy: { } policy } => policy == "Foreground",
        _ => before.Contains(ForegroundFinalizer),
    };
}
