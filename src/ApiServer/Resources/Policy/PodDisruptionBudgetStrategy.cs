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
        Cell.Text("Min Available", "spec.minAvailable", absent: "N/A"),
        Cell.Text("Max Unavailable", "spec.maxUnavailable", absent: "N/A"),
        Cell.Number("Allowed Disruptions", "status.disruptionsAllowed"),
        TableColumn.Age,
    ];
}
