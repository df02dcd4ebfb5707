using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class StorageClassStrategy : ResourceStrategy<V1StorageClass>
{
    public override IReadOnlyList<string> ShortNames => ["sc"];

    public override bool NamespaceScoped => false;

    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn with { Value = (obj, _) => Name(obj) },
        Cell.Text("Provisioner", "provisioner"),
        Cell.Text("ReclaimPolicy", "reclaimPolicy", absent: "Delete"),
        Cell.Text("VolumeBindingMode", "volumeBindingMode", absent: "Immediate"),
        Cell.Boolean("AllowVolumeExpansion", "allowVolumeExpansion") with { Type = "string" },
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        obj.SetDefault("reclaimPolicy", "Delete");
        obj.SetDefault("volumeBindingMode", "Immediate");
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(
        obj,
        storage => StorageChecks.Provisioner(storage["provisioner"]),
        storage => StorageChecks.Parameters(storage["parameters"], allowEmpty: true),
        storage => storage["reclaimPolicy"].OptionalOneOf("Delete", "Retain"),
        storage => storage["volumeBindingMode"].OneOf("Immediate", "WaitForFirstConsumer"),
        storage => StorageChecks.Topologies(storage["allowedTopologies"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(
        obj,
        storage => storage.ForbidChanges(old, "parameters", "provisioner", "reclaimPolicy"),
        storage => storage["volumeBindingMode"].Unchanged(old["volumeBindingMode"]));

    public override IEnumerable<string> Warnings(JsonObject obj) => StorageWarnings.OfClass(obj);

    private static string Name(JsonObject obj)
    {
        var annotations = obj.ObjectAt("metadata", "annotations");
        var isDefault = annotations.StringAt("storageclass.kubernetes.io/is-default-class") == "true"
            || annotations.StringAt("storageclass.beta.kubernetes.io/is-default-class") == "true";
        return $"{obj.StringAt("metadata", "name")}{(isDefault ? " (default)" : "")}";
    }
}
