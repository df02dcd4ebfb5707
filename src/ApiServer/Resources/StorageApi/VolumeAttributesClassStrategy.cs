using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

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

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(
        obj,
        attributes => StorageChecks.Provisioner(attributes["driverName"]),
        attributes => StorageChecks.Parameters(attributes["parameters"], allowEmpty: false));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, attributes => attributes.ForbidChanges(old, "driverName", "parameters")).Concat(Validate(obj));
}
