using System.Globalization;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class DaemonSetStrategy : WorkloadStrategy<V1DaemonSet>
{
    public override IReadOnlyList<string> ShortNames => ["ds"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Desired", "status.desiredNumberScheduled"),
        Cell.Number("Current", "status.currentNumberScheduled"),
        Cell.Number("Ready", "status.numberReady"),
        Cell.Number("Up-to-date", "status.updatedNumberScheduled"),
        Cell.Number("Available", "status.numberAvailable"),
        Cell.Text("Node Selector", obj => SelectorText.OfLabels(obj.ObjectAt("spec", "template", "spec", "nodeSelector"))) with { DescribedBy = "spec.template.spec.nodeSelector" },
        TableColumn.Age,
        .. Cell.OfTemplate(),
        Cell.Selector("Selector", "spec.selector"),
    ];

    /// <summary>Counts the versions of the template for clients of before apps/v1, where it was a field.</summary>
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public override void PrepareForCreate(JsonObject obj) => SetTemplateGeneration(obj, 1);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        var before = long.TryParse(old.StringAt("metadata", "annotations", TemplateGeneration), out var number) ? number : 0;
        SetTemplateGeneration(obj, JsonNode.DeepEquals(obj.At("spec", "template"), old.At("spec", "template")) ? before : before + 1);
    }

    private static void SetTemplateGeneration(JsonObject obj, long number) =>
        ObjectMetadata.Of(obj).GetOrAddObject("annotations")[TemplateGeneration] = number.ToString(CultureInfo.InvariantCulture);

    protected override void ApplyDefaultsTo(JsonObject spec)
    {
        spec.SetDefault("revisionHistoryLimit", 10);
        var strategy = spec.GetOrAddObject("updateStrategy");
        strategy.SetDefault("type", "RollingUpdate");
        if (strategy.StringAt("type") == "RollingUpdate")
        {
            var rolling = strategy.GetOrAddObject("rollingUpdate");
            rolling.SetDefault("maxUnavailable", 1);
            rolling.SetDefault("maxSurge", 0);
        }
    }

    protected override void Spec(Field spec)
    {
        WorkloadChecks.NotEmptySelector(spec["selector"], "daemonset");
        WorkloadChecks.TemplateLabels(spec);
        PodChecks.Template(spec["template"]);
        WorkloadChecks.RunsForEver(spec["template"], "DaemonSet");
        spec["minReadySeconds"].NotNegative();
        RollingUpdateChecks.OfDaemonSet(spec["updateStrategy"]);
        spec["revisionHistoryLimit"].NotNegative();
    }

    protected override void Status(Field status, JsonObject old)
    {
        status.NotNegative(
            "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration", "updatedNumberScheduled",
            "numberAvailable", "numberUnavailable");
        ReplicaStatusChecks.CollisionCount(status, old);
    }
}
