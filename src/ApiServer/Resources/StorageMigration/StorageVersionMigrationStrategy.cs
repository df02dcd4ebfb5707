using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.StorageMigration;

internal sealed class StorageVersionMigrationStrategy : ResourceStrategy<V1StorageVersionMigration>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Resource", obj => $"{obj.StringAt("spec", "resource", "resource")}.{obj.StringAt("spec", "resource", "group")}"),
    ];
}
