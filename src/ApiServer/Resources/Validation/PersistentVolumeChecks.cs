using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Persistent volumes, be they objects of their own or written within another (a VolumeAttachment of a migrated volume).</summary>
internal static class PersistentVolumeChecks
{
    private const string InlineContext = "in the context of inline volumes";
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    private static readonly string[] Modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    // In the order in which upstream looks at them: of several, all but the first are one too many.
    private static readonly string[] Sources =
    [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder", "fc", "flexVolume",
        "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi",
    ];

    public static void Spec(Field spec, Field name)
    {
        AccessModes(spec["accessModes"]);
        Capacity(spec["capacity"]);
        if (spec["persistentVolumeReclaimPolicy"].Text.Length > 0)
        {
            spec["persistentVolumeReclaimPolicy"].Known("Delete", "Recycle", "Retain");
        }

        NodeAffinity(spec["nodeAffinity"]);
        Source(spec, name);
        if (spec["hostPath"]["path"].Text.TrimEnd('/') is "" && spec["hostPath"].IsSet && spec["persistentVolumeReclaimPolicy"].Text == "Recycle")
        {
            spec["persistentVolumeReclaimPolicy"].Forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }

        spec["storageClassName"].OptionalName(Names.DnsSubdomain);
        spec["volumeMode"].OptionalOneOf("Block", "Filesystem");
        AttributesClass(spec);
    }

    /// <summary>The spec of a volume that is no object of its own.</summary>
    public static void Inline(Field spec)
    {
        spec.ForbidAll($"may not be specified {InlineContext}", "claimRef", "capacity");
        if (!spec["csi"].IsSet)
        {
            spec["csi"].Required($"has to be specified {InlineContext}");
        }

        AccessModes(spec["accessModes"]);
        if (spec["persistentVolumeReclaimPolicy"].Text is not ("" or "Retain"))
        {
            spec["persistentVolumeReclaimPolicy"].Forbidden($"may only be Retain {InlineContext}");
        }

        spec.ForbidAll($"may not be specified {InlineContext}", "nodeAffinity");
        Source(spec, spec["name"]);
        if (spec["storageClassName"].Text.Length > 0)
        {
            spec["storageClassName"].Forbidden($"may not be specified {InlineContext}");
        }

        if (spec["volumeMode"].Text is not ("" or "Filesystem"))
        {
            spec["volumeMode"].Forbidden($"may not specify volumeMode other than Filesystem {InlineContext}");
        }

        spec.ForbidAll($"may not be specified {InlineContext}", "volumeAttributesClassName");
    }

    /// <summary>Where the volume is stays as it is.</summary>
    public static void Changed(Field volume, JsonObject old)
    {
        var (after, before) = (SourceOf(volume["spec"].Value), SourceOf(old["spec"]));
        if (before.At("csi", "controllerExpandSecretRef") is null)
        {
            // It came late, so that older volumes may be given one.
            (after["csi"] as JsonObject)?.Remove("controllerExpandSecretRef");
        }

        if (!JsonNode.DeepEquals(after, before))
        {
            volume["spec"]["persistentvolumesource"].Forbidden(
                $"spec.persistentvolumesource is immutable after creation\n{SpecDiff.Of("core.PersistentVolumeSource", before, after)}");
        }

        volume["volumeMode"].With(volume["spec"]["volumeMode"].Value).Unchanged(old.At("spec", "volumeMode"));
        if (old.At("spec", "nodeAffinity") is { } affinity)
        {
            volume["nodeAffinity"].With(volume["spec"]["nodeAffinity"].Value).Unchanged(affinity);
        }
    }

    public static void AccessModes(Field modes, string required = "")
    {
        modes.NotEmpty(required);
        foreach (var mode in modes.Items)
        {
            modes.With(mode.Value).Known(Modes);
        }

        var given = modes.Items.Select(mode => mode.Text).ToList();
        if (given.Contains("ReadWriteOncePod") && given.Exists(mode => mode != "ReadWriteOncePod" && Modes.Contains(mode)))
        {
            modes.Forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    /// <summary>Where a beta annotation names the class, the field need not.</summary>
    public static string? ClassOf(JsonObject obj) => obj.StringAt("metadata", "annotations", ClassAnnotation);

    private static void AttributesClass(Field spec)
    {
        if (spec["volumeAttributesClassName"] is not { IsSet: true } name)
        {
            return;
        }

        name.Name(Names.DnsSubdomain);
        if (!spec["csi"].IsSet)
        {
            spec["csi"].Required("has to be specified when using volumeAttributesClassName");
        }
    }

    private static void Capacity(Field capacity)
    {
        capacity.NotEmpty();
        if (!capacity["storage"].IsSet || capacity.Count > 1)
        {
            capacity.NotSupported("storage");
        }

        foreach (var (_, amount) in capacity.Entries)
        {
            if (Quantity.TryParse(FieldPath.Text(amount.Value), out var quantity) && quantity <= Quantity.Zero)
            {
                if (quantity.IsNegative)
                {
                    amount.InvalidValue(quantity.ToString(), "must be greater than or equal to 0");
                }

                amount.InvalidValue(quantity.ToString(), "must be greater than zero");
            }
        }
    }

    private static void NodeAffinity(Field affinity)
    {
        if (!affinity.IsSet)
        {
            return;
        }

        if (affinity["required"].IsSet)
        {
            AffinityChecks.NodeSelector(affinity["required"]);
        }
        else
        {
            affinity["required"].Required("must specify required node constraints");
        }
    }

    private static void Source(Field spec, Field name)
    {
        var present = Sources.Where(source => spec[source].IsSet).ToList();
        if (present.Count == 0)
        {
            spec.Required("must specify a volume type");
            return;
        }

        OfSource(present[0], spec, name);
        foreach (var other in present.Skip(1))
        {
            // Upstream checks a flexVolume beside any other.
            if (other == "flexVolume")
            {
                OfSource(other, spec, name);
            }
            else
            {
                spec[StorageSourceChecks.NameOfSurplus(other)].Forbidden("may not specify more than 1 volume type");
            }
        }
    }

    private static void OfSource(string kind, Field spec, Field name)
    {
        var source = spec[kind];
        switch (kind)
        {
            case "hostPath":
                VolumeChecks.HostPath(source);
                break;
            case "local":
                source["path"].NotEmpty();
                source["path"].NoBacksteps();
                if (!spec["nodeAffinity"].IsSet)
                {
                    spec["nodeAffinity"].Required("Local volume requires node affinity");
                }

                break;
            case "csi":
                StorageChecks.DriverName(source["driver"]);
                source["volumeHandle"].NotEmpty();
                foreach (var secret in (string[])["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"])
                {
                    Secret(source[secret]);
                }

                break;
            default:
                StorageSourceChecks.Validate(kind, spec[StorageSourceChecks.NameOfFaulty(kind)].With(source.Value), name);
                break;
        }
    }

    private static void Secret(Field secret)
    {
        if (secret.IsSet)
        {
            secret["name"].NotEmpty();
            secret["namespace"].NotEmpty();
        }
    }

    private static JsonObject SourceOf(JsonNode? spec) => new(
        Sources.Where(source => spec?[source] is not null).Select(source => KeyValuePair.Create(source, spec?[source]?.DeepClone())));
}
