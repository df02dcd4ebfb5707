using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class ReplicaSetStrategy : ResourceStrategy<V1ReplicaSet>
{
    public override IReadOnlyList<string> ShortNames => ["rs"];

    public override IReadOnlyList<string> Categories => ["all"];

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

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("replicas", 1);
        PodSpecDefaults.ApplyToTemplate(spec.ObjectAt("template"));
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => WorkloadChecks.Validate(obj.ObjectAt("spec") ?? [], "ReplicaSet", "deployment");

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Validate(obj)
        .Concat(Checks.Unchanged("spec.selector", obj.At("spec", "selector"), old.At("spec", "selector")));
}
