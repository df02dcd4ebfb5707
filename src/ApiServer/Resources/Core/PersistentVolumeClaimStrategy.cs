using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class PersistentVolumeClaimStrategy : ResourceStrategy<V1PersistentVolumeClaim>
{
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

    public override void PrepareForCreate(JsonObject obj)
    {
        obj["status"] = new JsonObject { ["phase"] = "Pending" };
        ClaimChecks.MirrorDataSource(obj.GetOrAddObject("spec"));
    }

    public override void PrepareForUpdate(JsonObject obj, JsonObject old) => ClaimChecks.MirrorDataSource(obj.GetOrAddObject("spec"));

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, claim => ClaimChecks.Spec(claim["spec"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Validate(obj).Concat(Field.FaultsOf(obj, claim => ClaimChecks.Changed(claim, old)));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, ClaimChecks.Status);

    public override IEnumerable<string> Warnings(JsonObject obj) => StorageWarnings.OfClaim(obj);

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
}
