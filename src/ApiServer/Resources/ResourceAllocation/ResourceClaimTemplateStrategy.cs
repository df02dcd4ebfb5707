using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ResourceAllocation;

internal sealed class ResourceClaimTemplateStrategy : ResourceStrategy<V1ResourceClaimTemplate>
{
    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => DeviceRequestDefaults.Apply(obj.ObjectAt("spec", "spec"));
}
