using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Scheduling;

internal sealed class PriorityClassStrategy : ResourceStrategy<V1PriorityClass>
{
    public override IReadOnlyList<string> ShortNames => ["pc"];

    public override bool NamespaceScoped => false;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Value", "value"),
        Cell.Boolean("Global-Default", "globalDefault"),
        TableColumn.Age,
        Cell.Text("PreemptionPolicy", "preemptionPolicy"),
    ];

    public override void ApplyDefaults(JsonObject obj) => obj.SetDefault("preemptionPolicy", "PreemptLowerPriority");

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, PriorityClassChecks.Validate);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old)
    {
        if (obj.IntegerAt("value") != old.IntegerAt("value"))
        {
            yield return FieldError.Forbidden("value", "may not be changed in an update.");
        }

        foreach (var error in Field.FaultsOf(obj, priority => priority["preemptionPolicy"].Unchanged(old["preemptionPolicy"])))
        {
            yield return error;
        }
    }
}
