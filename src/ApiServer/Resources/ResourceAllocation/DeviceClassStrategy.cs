using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

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

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, device => DeviceChecks.Class(device["spec"]));
}
