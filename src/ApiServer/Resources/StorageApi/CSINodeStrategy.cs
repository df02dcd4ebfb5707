using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class CSINodeStrategy : ResourceStrategy<V1CSINode>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Count("Drivers", "spec.drivers") with { Description = "Drivers indicates the number of CSI drivers registered on the node" },
        TableColumn.Age,
    ];

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, node => StorageChecks.NodeDrivers(node["spec"]["drivers"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Validate(obj).Concat(Field.FaultsOf(obj, node => StorageChecks.NodeDriversChanged(node["spec"]["drivers"], old.At("spec", "drivers"))));

}
