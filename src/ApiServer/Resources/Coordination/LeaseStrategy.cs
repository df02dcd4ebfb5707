using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Coordination;

internal sealed class LeaseStrategy : ResourceStrategy<V1Lease>
{
    public override bool AllowCreateOnUpdate => true;

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Holder", "spec.holderIdentity"),
        TableColumn.Age,
    ];
}
