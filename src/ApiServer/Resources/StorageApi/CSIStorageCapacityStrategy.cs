using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class CSIStorageCapacityStrategy : ResourceStrategy<V1CSIStorageCapacity>
{
    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("StorageClassName", "storageClassName"),
        Cell.Text("Capacity", "capacity", absent: Cell.Unset),
    ];
}
