using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class ConfigMapStrategy : ResourceStrategy<V1ConfigMap>
{
    public override IReadOnlyList<string> ShortNames => ["cm"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Data", obj => Cell.CountOf(obj["data"]) + Cell.CountOf(obj["binaryData"]), "string"),
        TableColumn.Age,
    ];
}
