using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class VolumeAttributesClassStrategy : ResourceStrategy<V1VolumeAttributesClass>
{
    public override IReadOnlyList<string> ShortNames => ["vac"];

    public override bool NamespaceScoped => false;

    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("DriverName", "driverName"),
        TableColumn.Age,
    ];
}
