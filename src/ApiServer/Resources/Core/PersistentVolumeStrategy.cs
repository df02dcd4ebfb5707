using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class PersistentVolumeStrategy : ResourceStrategy<V1PersistentVolume>
{
    public override IReadOnlyList<string> ShortNames => ["pv"];

    public override bool NamespaceScoped => false;

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Capacity", "spec.capacity.storage", absent: "0") with { DescribedBy = "spec.capacity" },
        Cell.Text("Access Modes", obj => AccessModes.Of(obj.At("spec", "accessModes"))) with { DescribedBy = "spec.accessModes" },
        Cell.Text("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"),
        Cell.Text("Status", Status) with { DescribedBy = "status.phase" },
        Cell.Text("Claim", Claim) with { DescribedBy = "spec.claimRef" },
        Cell.Text("StorageClass", StorageClass, description: "StorageClass of the pv"),
        Cell.Text("VolumeAttributesClass", "spec.volumeAttributesClassName", absent: Cell.Unset) with { Description = "VolumeAttributesClass of the pv" },
        Cell.Text("Reason", "status.reason"),
        TableColumn.Age,
        Cell.Text("VolumeMode", "spec.volumeMode", 1, absent: Cell.Unset),
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("persistentVolumeReclaimPolicy", "Retain");
        spec.SetDefault("volumeMode", "Filesystem");
        foreach (var (source, value) in spec.ToList())
        {
            if (value is JsonObject fields)
            {
                VolumeDefaults.ApplyToSource(source, fields);
            }
        }
    }

    public override void PrepareForCreate(JsonObject obj) => obj["status"] = new JsonObject
    {
        ["phase"] = "Pending",
        ["lastPhaseTransitionTime"] = obj.At("metadata", "creationTimestamp")?.DeepClone(),
    };

    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Field.FaultsOf(obj, volume => PersistentVolumeChecks.Spec(volume["spec"], volume["metadata"]["name"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Validate(obj).Concat(Field.FaultsOf(obj, volume => PersistentVolumeChecks.Changed(volume, old)));

    public override IEnumerable<string> Warnings(JsonObject obj) => StorageWarnings.OfVolume(obj);

    private static string Status(JsonObject obj) =>
        obj.At("metadata", "deletionTimestamp") is null ? obj.StringAt("status", "phase") ?? "" : "Terminating";

    private static string Claim(JsonObject obj) => obj.ObjectAt("spec", "claimRef") is { } claim
        ? $"{claim.StringAt("namespace")}/{claim.StringAt("name")}"
        : "";

    private static string StorageClass(JsonObject obj) =>
        obj.StringAt("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ?? obj.StringAt("spec", "storageClassName") ?? "";
}
