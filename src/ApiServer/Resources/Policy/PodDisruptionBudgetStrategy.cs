using k8s.Models;

using MiniKube.ApiServer.Registry;

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
}
