using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Endpoints.Metrics;

/// <summary>What a node or a container uses, as its kubelet measured it.</summary>
/// <param name="Time">When it was read.</param>
/// <param name="StartTime">When the node or container started.</param>
/// <param name="NanoCores">Billionths of a core, in the mean since it was read before (or since the start).</param>
/// <param name="WorkingSet">Bytes of memory that cannot be reclaimed.</param>
internal sealed record Usage(DateTimeOffset Time, DateTimeOffset StartTime, long NanoCores, long WorkingSet)
{
    /// <summary>Reads the <c>cpu</c> and <c>memory</c> of a summary's node or container; null when either is missing.</summary>
    public static Usage? Read(JsonObject stats) =>
        Timestamps.TryParse(stats.StringAt("cpu", "time") ?? "", out var time)
        && stats.IntegerAt("cpu", "usageNanoCores") is >= 0 and var nanoCores
        && stats.IntegerAt("memory", "workingSetBytes") is >= 0 and var workingSet
            ? new Usage(time, Timestamps.TryParse(stats.StringAt("startTime") ?? "", out var start) ? start : time, nanoCores, workingSet)
            : null;

    /// <summary>A ResourceList.</summary>
    public JsonObject ToJson() => new()
    {
        ["cpu"] = Quantity.Parse(string.Create(CultureInfo.InvariantCulture, $"{NanoCores}n")).ToString(),
        ["memory"] = Quantity.FromValue(WorkingSet, QuantityFormat.BinarySI).ToString(),
    };
}
