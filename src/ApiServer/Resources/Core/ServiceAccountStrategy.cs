using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class ServiceAccountStrategy : ResourceStrategy<V1ServiceAccount>
{
    public override IReadOnlyList<string> ShortNames => ["sa"];

    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Count("Secrets", "secrets", "string"),
        TableColumn.Age,
    ];
}
