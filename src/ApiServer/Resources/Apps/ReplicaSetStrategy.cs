using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class ReplicaSetStrategy : WorkloadStrategy<V1ReplicaSet>
{
    public override IReadOnlyList<string> ShortNames => ["rs"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Desired", "spec.replicas"),
        Cell.Number("Current", "status.replicas"),
        Cell.Number("Ready", "status.readyReplicas"),
        TableColumn.Age,
        .. Cell.OfTemplate(),
        Cell.Selector("Selector", "spec.selector"),
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields().And("status.replicas", obj => $"{obj.IntegerAt("status", "replicas") ?? 0}");

    public override ScalePaths Scale { get; } = new("spec.replicas", "status.replicas", "spec.selector");

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfOwnersName(obj).Concat(base.Warnings(obj));

    protected override void ApplyDefaultsTo(JsonObject spec) => spec.SetDefault("replicas", 1);

    protected override void Spec(Field spec)
    {
        spec.NotNegative("replicas", "minReadySeconds");
        WorkloadChecks.Selector(spec, "deployment");
        PodChecks.Template(spec["template"]);
        WorkloadChecks.RunsForEver(spec["template"], "ReplicaSet");
    }

    protected override void Status(Field status, JsonObject old)
    {
        status.NotNegative("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration");
        ReplicaStatusChecks.Parts(status, "readyReplicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
    }
}
