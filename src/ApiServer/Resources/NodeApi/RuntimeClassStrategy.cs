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
        // Upstream looks for the field's documentation in metadata and finds none.
        Cell.Text("Handler", "handler") with { DescribedBy = null },
        TableColumn.Age,
    ];
}
