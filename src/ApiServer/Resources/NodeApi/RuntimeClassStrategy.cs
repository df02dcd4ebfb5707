using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.NodeApi;

internal sealed class RuntimeClassStrategy : ResourceStrategy<V1RuntimeClass>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Handler", "handler"),
        TableColumn.Age,
    ];
}
