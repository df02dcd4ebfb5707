using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

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

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, template => DeviceClaimChecks.Spec(template["spec"]["spec"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, template => template["spec"].Unchanged(old["spec"])).Concat(Validate(obj));
}
