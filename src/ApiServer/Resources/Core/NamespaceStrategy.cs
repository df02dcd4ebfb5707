using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class NamespaceStrategy : ResourceStrategy<V1Namespace>
{
    public override IReadOnlyList<string> ShortNames => ["ns"];

    public override bool NamespaceScoped => false;

    // A namespace takes all that is in it along: nobody deletes several at once.
    public override IReadOnlyList<string> Verbs { get; } = [.. AllVerbs.Where(verb => verb != "deletecollection")];

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Status", "status.phase") with { Description = "The status of the namespace" },
        TableColumn.Age,
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields("status.phase");

    private const string NameLabel = "kubernetes.io/metadata.name";

    public override IEnumerable<string> ValidateName(string name) => Names.DnsLabel(name);

    // A label with the name lets selectors choose namespaces by name.
    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.StringAt("metadata", "name") is { Length: > 0 } name)
        {
            obj.GetOrAddObject("metadata").GetOrAddObject("labels")[NameLabel] = name;
        }
    }

    public override void PrepareForCreate(JsonObject obj)
    {
        obj.GetOrAddObject("metadata").GetOrAddObject("labels")[NameLabel] = obj.StringAt("metadata", "name");
        obj["status"] = new JsonObject { ["phase"] = "Active" };
        var finalizers = obj.GetOrAddObject("spec")["finalizers"] as JsonArray ?? [];
        if (!finalizers.Any(finalizer => FieldPath.Text(finalizer) == "kubernetes"))
        {
            obj.GetOrAddObject("spec")["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => finalizer?.DeepClone()), "kubernetes"]);
        }
    }

    // Only the finalize subresource may take finalizers away.
    public override void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.Remove("finalizers");
        if (old.At("spec", "finalizers") is { } finalizers)
        {
            spec["finalizers"] = finalizers.DeepClone();
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, root =>
    {
        var finalizers = root["spec"]["finalizers"];
        foreach (var finalizer in finalizers.Items)
        {
            FinalizerChecks.Validate(finalizers.With(finalizer.Value));
        }
    });

    // The label of the name cannot be lost, so an update need not say it.
    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => [];

    // Only a deletion makes it Terminating, and nothing brings it back.
    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, root =>
    {
        var (phase, isDeleting) = (root["status"]["Phase"].With(root["status"]["phase"].Value), root["metadata"]["deletionTimestamp"].IsSet);
        if (!isDeleting && phase.Text != "Active")
        {
            phase.Invalid("may only be 'Active' if `deletionTimestamp` is empty");
        }
        else if (isDeleting && phase.Text != "Terminating")
        {
            phase.Invalid("may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
    });

    public override void PrepareForDelete(JsonObject obj) => obj.GetOrAddObject("status")["phase"] = "Terminating";

    public override bool HasFinalizers(JsonObject obj) => base.HasFinalizers(obj) || obj.At("spec", "finalizers") is JsonArray { Count: > 0 };
}
