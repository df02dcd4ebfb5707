using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ResourceAllocation;

internal sealed class ResourceSliceStrategy : ResourceStrategy<V1ResourceSlice>
{
    public override bool NamespaceScoped => false;

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Node", "spec.nodeName"),
        Cell.Text("Driver", "spec.driver"),
        Cell.Text("Pool", "spec.pool.name"),
        TableColumn.Age,
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields("spec.nodeName", "spec.driver");

    public override string UnsupportedField(string field) => $"field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: {field}";
}
