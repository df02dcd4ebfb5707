using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class CSINodeStrategy : ResourceStrategy<V1CSINode>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Count("Drivers", "spec.drivers") with { Description = "Drivers indicates the number of CSI drivers registered on the node" },
        TableColumn.Age,
    ];
}
