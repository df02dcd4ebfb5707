using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.ResourceAllocation;

internal sealed class ResourceClaimStrategy() : ResourceStrategy<Resourcev1ResourceClaim>("resourceclaims")
{
    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("State", State, description: "A summary of the current state (allocated, pending, reserved, etc.)."),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => DeviceRequestDefaults.Apply(obj.ObjectAt("spec"));

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, claim => DeviceClaimChecks.Spec(claim["spec"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, claim => claim["spec"].Unchanged(old["spec"])).Concat(Validate(obj));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, claim => DeviceClaimChecks.Status(claim, old["status"]));

    private static string State(JsonObject obj)
    {
        var isDeleted = obj.At("metadata", "deletionTimestamp") is not null;
        if (obj.At("status", "allocation") is null)
        {
            return isDeleted ? "deleted" : "pending";
        }

        var allocated = obj.ObjectsAt("status", "reservedFor").Any() ? "allocated,reserved" : "allocated";
        return isDeleted ? $"deleted,{allocated}" : allocated;
    }
}
