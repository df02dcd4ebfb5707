using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

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

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, slice => DeviceChecks.Slice(slice["spec"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Validate(obj).Concat(Field.FaultsOf(obj, slice => DeviceChecks.SliceChanged(slice["spec"], old["spec"])));
}
