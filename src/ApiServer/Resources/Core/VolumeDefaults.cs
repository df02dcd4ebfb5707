using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>Upstream's defaults of a volume.</summary>
internal static class VolumeDefaults
{
    // 0644
    private const int FileMode = 420;

    public static void Apply(JsonObject volume)
    {
        if (volume.All(field => field.Key == "name" || field.Value is null))
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var (source, value) in volume.ToList())
        {
            if (value is JsonObject fields)
            {
                ApplyToSource(source, fields);
            }
        }
    }

    public static void ApplyToSource(string source, JsonObject fields)
    {
        switch (source)
        {
            case "secret" or "configMap":
                fields.SetDefault("defaultMode", FileMode);
                break;
            case "downwardAPI":
                fields.SetDefault("defaultMode", FileMode);
                ApplyToItems(fields);
                break;
            case "projected":
                ApplyToProjected(fields);
                break;
            case "hostPath":
                fields.SetDefault("type", "");
                break;
            case "ephemeral":
                fields.ObjectAt("volumeClaimTemplate", "spec")?.SetDefault("volumeMode", "Filesystem");
                break;
            case "image":
                fields.SetDefault("pullPolicy", ContainerDefaults.PullPolicy(fields.StringAt("reference")));
                break;
            case "iscsi":
                fields.SetDefault("iscsiInterface", "default");
                break;
            case "rbd":
                SetAll(fields, ("pool", "rbd"), ("user", "admin"), ("keyring", "/etc/ceph/keyring"));
                break;
            case "azureDisk":
                SetAll(fields, ("cachingMode", "ReadWrite"), ("kind", "Shared"), ("fsType", "ext4"), ("readOnly", false));
                break;
            case "scaleIO":
                SetAll(fields, ("storageMode", "ThinProvisioned"), ("fsType", "xfs"));
                break;
        }
    }

    private static void ApplyToProjected(JsonObject projected)
    {
        projected.SetDefault("defaultMode", FileMode);
        foreach (var source in projected.ObjectsAt("sources"))
        {
            source.ObjectAt("serviceAccountToken")?.SetDefault("expirationSeconds", 3600);
            ApplyToItems(source.ObjectAt("downwardAPI"));
        }
    }

    private static void ApplyToItems(JsonObject? downwardApi)
    {
        foreach (var item in downwardApi.ObjectsAt("items"))
        {
            item.ObjectAt("fieldRef")?.SetDefault("apiVersion", "v1");
        }
    }

    private static void SetAll(JsonObject fields, params ReadOnlySpan<(string Name, JsonNode Value)> defaults)
    {
        foreach (var (name, value) in defaults)
        {
            fields.SetDefault(name, value);
        }
    }
}
