using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.NodeApi;

internal sealed class RuntimeClassStrategy : ResourceStrategy<V1RuntimeClass>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        // Upstream looks for the field's documentation in metadata and finds none.
        Cell.Text("Handler", "handler") with { DescribedBy = null },
        TableColumn.Age,
    ];

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, RuntimeClassChecks.Validate);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, runtime => runtime["handler"].Unchanged(old["handler"]));

    public override IEnumerable<string> Warnings(JsonObject obj) =>
        (obj.ObjectAt("scheduling", "nodeSelector") ?? []).Select(label => NodeLabelWarnings.Find(label.Key)).OfType<string>().Select(text => $"scheduling.nodeSelector: {text}");
}
