using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class ReplicationControllerStrategy : ResourceStrategy<V1ReplicationController>
{
    public override IReadOnlyList<string> ShortNames => ["rc"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Desired", "spec.replicas"),
        Cell.Number("Current", "status.replicas"),
        Cell.Number("Ready", "status.readyReplicas"),
        TableColumn.Age,
        .. Cell.OfTemplate(),
        Cell.Text("Selector", obj => SelectorText.OfLabels(obj.ObjectAt("spec", "selector")), 1) with { DescribedBy = "spec.selector" },
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields().And("status.replicas", obj => $"{obj.IntegerAt("status", "replicas") ?? 0}");

    public override ScalePaths Scale { get; } = new("spec.replicas", "status.replicas", "spec.selector");

    public override bool OrphansDependentsByDefault => true;

    // The labels of the template are the selector's and the controller's own where these say nothing.
    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("replicas", 1);
        var template = spec.ObjectAt("template");
        PodSpecDefaults.ApplyToTemplate(template);
        if (template.ObjectAt("metadata", "labels") is not { Count: > 0 } labels)
        {
            return;
        }

        if (spec["selector"] is not JsonObject { Count: > 0 })
        {
            spec["selector"] = labels.DeepClone();
        }

        if (obj.ObjectAt("metadata", "labels") is not { Count: > 0 })
        {
            obj.GetOrAddObject("metadata")["labels"] = labels.DeepClone();
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, root => Spec(root["spec"]));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, root =>
    {
        root["status"].NotNegative("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration");
        ReplicaStatusChecks.Parts(root["status"], "readyReplicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
    });

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfOwnersName(obj).Concat(PodWarnings.OfTemplate("spec.template", obj.ObjectAt("spec", "template")));

    public override IEnumerable<string> WarningsOnUpdate(JsonObject obj, JsonObject old) =>
        ChangesGeneration(obj, old) ? PodWarnings.OfTemplate("spec.template", obj.ObjectAt("spec", "template")) : [];

    private static void Spec(Field spec)
    {
        spec["minReadySeconds"].NotNegative();
        spec["selector"].NotEmpty();
        spec["replicas"].NotNegative();
        var template = spec["template"];
        if (!template.IsSet)
        {
            template.Required();
            return;
        }

        var labels = template["metadata"]["labels"];
        if (spec["selector"].Value is JsonObject selector && selector.Any(entry => labels.Value.StringAt(entry.Key) != FieldPath.Text(entry.Value)))
        {
            labels.InvalidValue(labels.Value, "`selector` does not match template `labels`");
        }

        PodChecks.Template(template);
        WorkloadChecks.RunsForEver(template, "ReplicationController");
    }
}
