using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Autoscaling;

internal sealed class HorizontalPodAutoscalerStrategy : ResourceStrategy<V2HorizontalPodAutoscaler>
{
    public override IReadOnlyList<string> ShortNames => ["hpa"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override bool HasGeneration => false;

    // Made when it is first asked for: that strategy makes one of this.
    public override ResourceStrategy? InVersion(string apiVersion) =>
        apiVersion == "autoscaling/v1" ? new HorizontalPodAutoscalerV1Strategy() : base.InVersion(apiVersion);

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Reference", obj => $"{obj.StringAt("spec", "scaleTargetRef", "kind")}/{obj.StringAt("spec", "scaleTargetRef", "name")}") with { DescribedBy = "spec.scaleTargetRef" },
        Cell.Text("Targets", MetricText.Targets) with { DescribedBy = "spec.metrics" },
        Cell.Text("MinPods", "spec.minReplicas", absent: Cell.Unset),
        Cell.Number("MaxPods", "spec.maxReplicas", "string"),
        Cell.Number("Replicas", "status.currentReplicas", "string"),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("minReplicas", 1);
        if (spec["metrics"] is not JsonArray { Count: > 0 })
        {
            spec["metrics"] = new JsonArray(CpuMetric(80));
        }

        if (spec.ObjectAt("behavior") is { } behavior)
        {
            ApplyToRules(behavior.GetOrAddObject("scaleUp"), 0, ScalingPolicy("Pods", 4), ScalingPolicy("Percent", 100));
            ApplyToRules(behavior.GetOrAddObject("scaleDown"), null, ScalingPolicy("Percent", 100));
        }
    }

    /// <summary>The metric that autoscaling/v1 has a field for.</summary>
    internal static JsonObject CpuMetric(long utilization) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject
        {
            ["name"] = "cpu",
            ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = utilization },
        },
    };

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, scaler => AutoscalerChecks.Spec(scaler["spec"], least: 1));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, scaler => AutoscalerChecks.Spec(scaler["spec"], old.IntegerAt("spec", "minReplicas") == 0 ? 0 : 1));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, scaler => scaler["status"].NotNegative("currentReplicas", "desiredReplicas"));

    private static JsonObject ScalingPolicy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };

    private static void ApplyToRules(JsonObject rules, int? window, params IEnumerable<JsonObject> policies)
    {
        if (window is { } seconds)
        {
            rules.SetDefault("stabilizationWindowSeconds", seconds);
        }

        rules.SetDefault("selectPolicy", "Max");
        if (rules["policies"] is not JsonArray { Count: > 0 })
        {
            rules["policies"] = new JsonArray([.. policies]);
        }
    }
}
