using System.Text.Json;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Autoscaling;

/// <summary>The first version, with one target for CPU. It is stored as v2; what it has no field for is kept in annotations.</summary>
internal sealed class HorizontalPodAutoscalerV1Strategy : ResourceStrategy<V1HorizontalPodAutoscaler>
{
    public override IReadOnlyList<string> ShortNames => ["hpa"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override bool HasGeneration => false;

    private const string CpuTarget = "targetCPUUtilizationPercentage";
    private const string CpuCurrent = "currentCPUUtilizationPercentage";

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Stored.Validate(AsStored(obj));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Stored.ValidateUpdate(AsStored(obj), AsStored(old));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Stored.ValidateStatusUpdate(obj, old);

    private static JsonObject AsStored(JsonObject obj)
    {
        var stored = Upgrade((JsonObject)obj.DeepClone());
        Stored.ApplyDefaults(stored);
        return stored;
    }

    private static readonly HorizontalPodAutoscalerStrategy Stored = new();

    private static readonly (string Parent, string Field, string Annotation)[] Kept =
    [
        ("spec", "metrics", "autoscaling.alpha.kubernetes.io/metrics"),
        ("spec", "behavior", "autoscaling.alpha.kubernetes.io/behavior"),
        ("status", "currentMetrics", "autoscaling.alpha.kubernetes.io/current-metrics"),
        ("status", "conditions", "autoscaling.alpha.kubernetes.io/conditions"),
    ];

    public override GroupVersionKind StoredKind => Stored.Kind;

    public override ResourceStrategy? InVersion(string apiVersion) => apiVersion == Stored.Kind.ApiVersion ? Stored : base.InVersion(apiVersion);

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [.. Stored.Columns.Select(column => column with { Value = (obj, now) => column.Value(Upgrade((JsonObject)obj.DeepClone()), now) })];

    public override void ApplyDefaults(JsonObject obj) => obj.GetOrAddObject("spec").SetDefault("minReplicas", 1);

    public override JsonObject ToStored(JsonObject obj)
    {
        var stored = Upgrade(obj);
        Stored.ApplyDefaults(stored);
        return stored;
    }

    public override JsonObject ToStoredUndefaulted(JsonObject obj) => Upgrade(obj);

    public override JsonObject FromStored(JsonObject stored)
    {
        stored["apiVersion"] = "autoscaling/v1";
        TakeCpu(stored, "spec", "metrics", CpuTarget, "target");
        TakeCpu(stored, "status", "currentMetrics", CpuCurrent, "current");
        foreach (var (parent, field, annotation) in Kept)
        {
            if (stored.At(parent, field) is { } value)
            {
                stored.GetOrAddObject("metadata").GetOrAddObject("annotations")[annotation] = value.ToJsonString();
                stored.ObjectAt(parent)?.Remove(field);
            }
        }

        return stored;
    }

    private static JsonObject Upgrade(JsonObject obj)
    {
        obj["apiVersion"] = "autoscaling/v2";
        var annotations = obj.ObjectAt("metadata", "annotations");
        foreach (var (parent, field, annotation) in Kept)
        {
            if (annotations.StringAt(annotation) is { } text && TryParse(text) is { } value)
            {
                obj.GetOrAddObject(parent)[field] = value;
                annotations?.Remove(annotation);
            }
        }

        if (annotations is { Count: 0 })
        {
            obj.GetOrAddObject("metadata").Remove("annotations");
        }

        PutCpu(obj, "spec", "metrics", CpuTarget, HorizontalPodAutoscalerStrategy.CpuMetric);
        PutCpu(obj, "status", "currentMetrics", CpuCurrent, CurrentCpu);
        return obj;
    }

    // What is no JSON was written by a client, as an annotation like any other.
    private static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject CurrentCpu(long utilization) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject { ["name"] = "cpu", ["current"] = new JsonObject { ["averageUtilization"] = utilization } },
    };

    private static void PutCpu(JsonObject obj, string parent, string field, string name, Func<long, JsonObject> make)
    {
        if (obj.IntegerAt(parent, name) is not { } utilization)
        {
            return;
        }

        var holder = obj.GetOrAddObject(parent);
        holder.Remove(name);
        var others = (holder[field] as JsonArray ?? []).Select(metric => metric?.DeepClone());
        holder[field] = new JsonArray([make(utilization), .. others]);
    }

    private static void TakeCpu(JsonObject obj, string parent, string field, string name, string value)
    {
        if (obj.At(parent, field) is not JsonArray metrics)
        {
            return;
        }

        var cpu = metrics.OfType<JsonObject>().FirstOrDefault(metric =>
            metric.StringAt("resource", "name") == "cpu" && metric.IntegerAt("resource", value, "averageUtilization") is not null);
        if (cpu is not null)
        {
            obj.GetOrAddObject(parent)[name] = cpu.IntegerAt("resource", value, "averageUtilization");
            metrics.Remove(cpu);
        }

        if (metrics.Count == 0)
        {
            obj.ObjectAt(parent)?.Remove(field);
        }
    }
}
