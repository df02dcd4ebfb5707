using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Runs one strategy by itself: what the store would call, without a store.</summary>
internal static class Strategies
{
    public static IReadOnlyList<ResourceStrategy> All { get; } = ResourceCatalog.BuiltInStrategies();

    /// <summary>By the name in paths; what is stored comes before what is only asked under the same name (pods of metrics.k8s.io).</summary>
    public static ResourceStrategy Of(string resource) =>
        All.Where(strategy => strategy.Plural == resource).OrderByDescending(strategy => strategy.IsStored).First();

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    public static JsonObject Default(string resource, string json)
    {
        var obj = Parse(json);
        Of(resource).ApplyDefaults(obj);
        return obj;
    }

    /// <summary>The cells of an object's row, with or without those of -o wide.</summary>
    public static string Row(string resource, string json, bool wide = false, string now = "2026-01-01T00:01:00Z") => string.Join(" | ",
        Of(resource).Columns
            .Where(column => wide || column.Priority == 0)
            .Select(column => column.Value(Parse(json), DateTimeOffset.Parse(now, null))?.ToString()));

    public static string Header(string resource, bool wide = false) =>
        string.Join(" | ", Of(resource).Columns.Where(column => wide || column.Priority == 0).Select(column => column.Name));

    /// <summary>What creating it would be refused with; defaults are applied first.</summary>
    public static string Faults(string resource, string json)
    {
        var obj = Default(resource, json);
        return string.Join("\n", Of(resource).Validate(obj));
    }

    public static string UpdateFaults(string resource, string old, string json)
    {
        var before = Default(resource, old);
        var after = Default(resource, json);
        return string.Join("\n", Of(resource).ValidateUpdate(after, before));
    }

    /// <summary>What a change of the status would be refused with.</summary>
    public static string StatusFaults(string resource, string old, string json) =>
        string.Join("\n", Of(resource).ValidateStatusUpdate(Default(resource, json), Default(resource, old)));

    public static string Warnings(string resource, string json) => string.Join("\n", Of(resource).Warnings(Default(resource, json)));
}
