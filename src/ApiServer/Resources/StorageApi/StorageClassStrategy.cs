using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

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

    private static string Name(JsonObject obj)
    {
        var annotations = obj.ObjectAt("metadata", "annotations");
        var isDefault = annotations.StringAt("storageclass.kubernetes.io/is-default-class") == "true"
            || annotations.StringAt("storageclass.beta.kubernetes.io/is-default-class") == "true";
        return $"{obj.StringAt("metadata", "name")}{(isDefault ? " (default)" : "")}";
    }
}
