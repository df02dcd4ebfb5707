using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class PodTemplateStrategy : ResourceStrategy<V1PodTemplate>
{
    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        .. Cell.OfTemplate("template.spec", priority: 0),
        Cell.Text("Pod Labels", obj => SelectorText.OfLabels(obj.ObjectAt("template", "metadata", "labels")), description: "The labels for the pod template."),
    ];

    public override void ApplyDefaults(JsonObject obj) => PodSpecDefaults.ApplyToTemplate(obj.GetOrAddObject("template"));

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, root => PodChecks.Template(root["template"]));

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfTemplate("template", obj.ObjectAt("template"));
}
