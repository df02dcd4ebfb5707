using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.FlowControl;

internal sealed class FlowSchemaStrategy : ResourceStrategy<V1FlowSchema>
{
    public override bool NamespaceScoped => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("PriorityLevel", "spec.priorityLevelConfiguration.name"),
        Cell.Number("MatchingPrecedence", "spec.matchingPrecedence", "string"),
        Cell.Text("DistinguisherMethod", "spec.distinguisherMethod.type", absent: Cell.None) with { DescribedBy = "spec.distinguisherMethod" },
        TableColumn.Age,
        Cell.Text("MissingPL", MissingPriorityLevel, description: "references a broken or non-existent PriorityLevelConfiguration"),
    ];

    // In the order in which requests are matched.
    public override Func<JsonObject, long> RowPrecedence { get; } = obj => obj.IntegerAt("spec", "matchingPrecedence") ?? 0;

    public override void ApplyDefaults(JsonObject obj) => obj.ObjectAt("spec")?.SetDefault("matchingPrecedence", 1000);

    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Field.FaultsOf(obj, FlowControlChecks.Schema, schema => FlowControlChecks.Conditions(schema["status"]["conditions"]));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, schema => FlowControlChecks.Conditions(schema["status"]["conditions"]));

    private static string MissingPriorityLevel(JsonObject obj) =>
        obj.ObjectsAt("status", "conditions").FirstOrDefault(condition => condition.StringAt("type") == "Dangling")?.StringAt("status") ?? "?";
}
