using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class ServiceStrategy : ResourceStrategy<V1Service>
{
    public override IReadOnlyList<string> ShortNames => ["svc"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override bool AllowCreateOnUpdate => true;

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Type", "spec.type"),
        Cell.Text("Cluster-IP", "spec.clusterIP", absent: Cell.None),
        Cell.Text("External-IP", ServiceColumns.ExternalAddress) with { DescribedBy = "spec.externalIPs" },
        Cell.Text("Port(s)", ServiceColumns.Ports) with { DescribedBy = "spec.ports" },
        TableColumn.Age,
        Cell.Text("Selector", obj => SelectorText.OfLabels(obj.ObjectAt("spec", "selector")), 1) with { DescribedBy = "spec.selector" },
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields("spec.clusterIP", "spec.type");

    public override IEnumerable<string> ValidateName(string name) => Names.Dns1035Label(name);

    public override void ApplyDefaults(JsonObject obj) => ServiceDefaults.Apply(obj.GetOrAddObject("spec"), obj.ObjectAt("status"));

    // What a type does not have is dropped when a service changes to it.
    public override void PrepareForUpdate(JsonObject obj, JsonObject old) => ServiceUpdates.Prepare(obj.GetOrAddObject("spec"), old.ObjectAt("spec") ?? []);

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, ServiceChecks.Validate);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, service => ServiceChecks.ValidateUpdate(service, old));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, ServiceChecks.Status);

    public override IEnumerable<string> Warnings(JsonObject obj) => ServiceWarnings.Of(obj);
}
