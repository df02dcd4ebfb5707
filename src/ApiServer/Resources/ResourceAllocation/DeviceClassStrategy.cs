using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ResourceAllocation;

internal sealed class DeviceClassStrategy : ResourceStrategy<V1DeviceClass>
{
    public override bool NamespaceScoped => false;

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        TableColumn.Age,
    ];
}
