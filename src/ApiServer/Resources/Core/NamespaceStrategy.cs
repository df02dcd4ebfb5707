using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class NamespaceStrategy : ResourceStrategy<V1Namespace>
{
    public override IReadOnlyList<string> ShortNames => ["ns"];

    public override bool NamespaceScoped => false;

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

    public override void PrepareForDelete(JsonObject obj) => obj.GetOrAddObject("status")["phase"] = "Terminating";

    public override bool HasFinalizers(JsonObject obj) => base.HasFinalizers(obj) || obj.At("spec", "finalizers") is JsonArray { Count: > 0 };
}
