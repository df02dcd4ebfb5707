using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ResourceAllocation;

internal sealed class ResourceClaimStrategy() : ResourceStrategy<Resourcev1ResourceClaim>("resourceclaims")
{
    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("State", State),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => DeviceRequestDefaults.Apply(obj.ObjectAt("spec"));

    private static string State(JsonObject obj)
    {
        List<string> states = [];
        if (obj.At("metadata", "deletionTimestamp") is not null)
        {
            states.Add("deleted");
        }

        var isAllocated = obj.At("status", "allocation") is not null;
        if (isAllocated)
        {
            states.Add("allocated");
        }

        if (obj.ObjectsAt("status", "reservedFor").Any())
        {
            states.Add("reserved");
        }

        return isAllocated || states.Count > 0 ? string.Join(',', states) : "pending";
    }
}
