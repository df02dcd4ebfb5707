using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class CSIStorageCapacityStrategy : ResourceStrategy<V1CSIStorageCapacity>
{
    public override bool AllowUnconditionalUpdate => false;

    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("StorageClassName", "storageClassName"),
        Cell.Text("Capacity", "capacity", absent: Cell.Unset),
    ];

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(
        obj,
        capacity => capacity["nodeTopology"].LabelSelector(),
        capacity => capacity["storageClassName"].Name(Names.DnsSubdomain),
        capacity => StorageChecks.NotNegativeAmount(capacity["capacity"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(
        obj, capacity => capacity["nodeTopology"].Unchanged(old["nodeTopology"]), capacity => capacity["storageClassName"].Unchanged(old["storageClassName"]));

    public override IEnumerable<string> Warnings(JsonObject obj) => StorageWarnings.OfCapacity(obj);
}
