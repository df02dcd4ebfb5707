using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class PersistentVolumeClaimStrategy : ResourceStrategy<V1PersistentVolumeClaim>
{
    private const string OnlyThese = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    public override IReadOnlyList<string> ShortNames => ["pvc"];

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Status", Status) with { DescribedBy = "status.phase" },
        Cell.Text("Volume", "spec.volumeName"),
        Cell.Text("Capacity", Capacity) with { DescribedBy = "status.capacity" },
        Cell.Text("Access Modes", obj => IsBound(obj) ? AccessModes.Of(obj.At("status", "accessModes")) : "") with { DescribedBy = "status.accessModes" },
        Cell.Text("StorageClass", StorageClass, description: "StorageClass of the pvc"),
        Cell.Text("VolumeAttributesClass", "spec.volumeAttributesClassName", absent: Cell.Unset) with { Description = "VolumeAttributesClass of the pvc" },
        TableColumn.Age,
        Cell.Text("VolumeMode", "spec.volumeMode", 1, absent: Cell.Unset),
    ];

    public override void ApplyDefaults(JsonObject obj) => ApplyDefaultsTo(obj);

    public override void PrepareForCreate(JsonObject obj) => obj["status"] = new JsonObject { ["phase"] = "Pending" };

    public override IEnumerable<FieldError> Validate(JsonObject obj)
    {
        var spec = obj.ObjectAt("spec") ?? [];
        if (spec["accessModes"] is not JsonArray { Count: > 0 })
        {
            yield return FieldError.Required("spec.accessModes", "at least 1 access mode is required");
        }

        if (spec.At("resources", "requests", "storage") is null)
        {
            yield return FieldError.Required("spec.resources[storage]");
        }

        foreach (var error in LabelSelectorChecks.Validate("spec.selector", spec["selector"])
            .Concat(Checks.OptionalName("spec.storageClassName", spec.StringAt("storageClassName"), Names.DnsSubdomain)))
        {
            yield return error;
        }
    }

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Validate(obj)
        .Concat(JsonNode.DeepEquals(Fixed(obj, old), Fixed(old, old)) ? [] : [FieldError.Forbidden("spec", OnlyThese)]);

    /// <summary>Of a claim, or of a template for claims.</summary>
    internal static void ApplyDefaultsTo(JsonObject claim)
    {
        claim.GetOrAddObject("spec").SetDefault("volumeMode", "Filesystem");
        claim.GetOrAddObject("status").SetDefault("phase", "Pending");
    }

    private static bool IsBound(JsonObject obj) => obj.StringAt("spec", "volumeName") is { Length: > 0 };

    private static string Capacity(JsonObject obj)
    {
        if (!IsBound(obj))
        {
            return "";
        }

        return FieldPath.Text(obj.At("status", "capacity", "storage")) is { Length: > 0 } capacity ? capacity : "0";
    }

    private static string Status(JsonObject obj) =>
        obj.At("metadata", "deletionTimestamp") is null ? obj.StringAt("status", "phase") ?? "" : "Terminating";

    private static string StorageClass(JsonObject obj) =>
        obj.StringAt("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ?? obj.StringAt("spec", "storageClassName") ?? "";

    // A claim is bound once, and a bound one may ask for more.
    private static JsonObject Fixed(JsonObject obj, JsonObject old)
    {
        var spec = (JsonObject)(obj.ObjectAt("spec")?.DeepClone() ?? new JsonObject());
        if (!IsBound(old))
        {
            spec.Remove("volumeName");
        }
        else
        {
            spec.Remove("volumeAttributesClassName");
            spec.ObjectAt("resources")?.Remove("requests");
        }

        if (string.IsNullOrEmpty(old.StringAt("spec", "storageClassName")))
        {
            spec.Remove("storageClassName");
        }

        return spec;
    }
}
