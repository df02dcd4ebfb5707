using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Policy;

internal sealed class PodDisruptionBudgetStrategy : ResourceStrategy<V1PodDisruptionBudget>
{
    public override IReadOnlyList<string> ShortNames => ["pdb"];

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Min Available", "spec.minAvailable", absent: "N/A") with { Description = "The minimum number of pods that must be available." },
        Cell.Text("Max Unavailable", "spec.maxUnavailable", absent: "N/A") with { Description = "The maximum number of pods that may be unavailable." },
        Cell.Number("Allowed Disruptions", "status.disruptionsAllowed") with
        {
            Description = "Calculated number of pods that may be disrupted at this time.",
        },
        TableColumn.Age,
    ];

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, budget => DisruptionBudgetChecks.Spec(budget["spec"]));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, budget => DisruptionBudgetChecks.Status(budget["status"]));
}
