using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class PersistentVolumeClaimStrategy : ResourceStrategy<V1PersistentVolumeClaim>
{
    public override IReadOnlyList<string> ShortNames => ["pvc"];

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Status", Status),
        Cell.Text("Volume", "spec.volumeName"),
        Cell.Text("Capacity", obj => IsBound(obj) ? FieldPath.Text(obj.At("status", "capacity", "storage")) : ""),
        Cell.Text("Access Modes", obj => IsBound(obj) ? AccessModes.Of(obj.At("status", "accessModes")) : ""),
        Cell.Text("StorageClass", StorageClass),
        Cell.Text("VolumeAttributesClass", "spec.volumeAttributesClassName", absent: Cell.Unset),
        TableColumn.Age,
        Cell.Text("VolumeMode", "spec.volumeMode", 1, absent: Cell.Unset),
    ];

    public override void ApplyDefaults(JsonObject obj) => ApplyDefaultsTo(obj);

    public override void PrepareForCreate(JsonObject obj) => obj["status"] = new JsonObject { ["phase"] = "Pending" };

    /// <summary>Of a claim, or of a template for claims.</summary>
    internal static void ApplyDefaultsTo(JsonObject claim)
    {
        claim.GetOrAddObject("spec").SetDefault("volumeMode", "Filesystem");
        claim.GetOrAddObject("status").SetDefault("phase", "Pending");
    }

    private static bool IsBound(JsonObject obj) => obj.StringAt("spec", "volumeName") is { Length: > 0 };

    private static string Status(JsonObject obj) =>
        obj.At("metadata", "deletionTimestamp") is null ? obj.StringAt("status", "phase") ?? "" : "Terminating";

    private static string StorageClass(JsonObject obj) =>
        obj.StringAt("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ?? obj.StringAt("spec", "storageClassName") ?? "";
}
