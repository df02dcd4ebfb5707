using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class DaemonSetStrategy : ResourceStrategy<V1DaemonSet>
{
    public override IReadOnlyList<string> ShortNames => ["ds"];

    public override IReadOnlyList<string> Categories => ["all"];

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

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("revisionHistoryLimit", 10);
        var strategy = spec.GetOrAddObject("updateStrategy");
        if (string.IsNullOrEmpty(strategy.StringAt("type")))
        {
            strategy["type"] = "RollingUpdate";
        }

        if (strategy.StringAt("type") == "RollingUpdate")
        {
            var rolling = strategy.GetOrAddObject("rollingUpdate");
            rolling.SetDefault("maxUnavailable", 1);
            rolling.SetDefault("maxSurge", 0);
        }

        PodSpecDefaults.ApplyToTemplate(spec.ObjectAt("template"));
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => WorkloadChecks.Validate(obj.ObjectAt("spec") ?? [], "DaemonSet", "daemonset")
        .Concat(RollingUpdateChecks.OfDaemonSet(obj.ObjectAt("spec", "updateStrategy")));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Validate(obj)
        .Concat(Checks.Unchanged("spec.selector", obj.At("spec", "selector"), old.At("spec", "selector")));
}
