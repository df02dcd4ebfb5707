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

    private static readonly Dictionary<string, string> BetaLabels = new(StringComparer.Ordinal)
    {
        ["failure-domain.beta.kubernetes.io/zone"] = "topology.kubernetes.io/zone",
        ["failure-domain.beta.kubernetes.io/region"] = "topology.kubernetes.io/region",
        ["beta.kubernetes.io/os"] = "kubernetes.io/os",
        ["beta.kubernetes.io/arch"] = "kubernetes.io/arch",
        ["beta.kubernetes.io/instance-type"] = "node.kubernetes.io/instance-type",
    };

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
        if (spec["hostPath"]["path"].Text is { Length: > 0 } path && path.TrimEnd('/').Length == 0 && spec["persistentVolumeReclaimPolicy"].Text == "Recycle")
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
            NodeAffinityChanged(volume["nodeAffinity"].With(volume["spec"]["nodeAffinity"].Value), affinity);
        }

        if (old.At("spec", "volumeAttributesClassName") is not null && !volume["spec"]["volumeAttributesClassName"].IsSet)
        {
            volume["spec"]["volumeAttributesClassName"].Forbidden("update from non-nil value to nil is forbidden");
        }
    }

    // Labels of nodes that were in beta may give way to those that took their place.
    private static void NodeAffinityChanged(Field affinity, JsonNode before)
    {
        var old = before.DeepClone();
        foreach (var (term, was) in affinity["required"]["nodeSelectorTerms"].Items.Zip(old.ObjectsAt("required", "nodeSelectorTerms")))
        {
            foreach (var (expression, requirement) in term["matchExpressions"].Items.Zip(was.ObjectsAt("matchExpressions")))
            {
                if (BetaLabels.TryGetValue(requirement.StringAt("key") ?? "", out var stable) && expression["key"].Text == stable)
                {
                    requirement["key"] = stable;
                }
            }
        }

        if (!JsonNode.DeepEquals(affinity.Value, old))
        {
            affinity.InvalidValue(affinity.Value, $"{Checks.Immutable}, except for updating from beta label to GA");
        }
    }

    public static void AccessModes(Field modes, string required = "")
    {
        modes.NotEmpty(required);
        KnownModes(modes);
    }

    public static void KnownModes(Field modes)
    {
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

        if (name.NotEmpty("an empty string is disallowed"))
        {
            name.Name(Names.DnsSubdomain);
        }

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
            StorageChecks.Size(amount);
            if (Quantity.TryParse(FieldPath.Text(amount.Value), out var quantity) && quantity <= Quantity.Zero)
            {
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
                OfOtherNamespace(kind, source);
                break;
        }
    }

    /// <summary>A volume is in no namespace, so what it needs of one is named with it.</summary>
    private static void OfOtherNamespace(string kind, Field source)
    {
        switch (kind)
        {
            case "cinder" or "storageos" when source["secretRef"].IsSet:
                source["secretRef"]["namespace"].NotEmpty();
                break;
            case "azureFile" when source["secretNamespace"].IsSet:
                source["secretNamespace"].NotEmpty();
                break;
            case "glusterfs" when source["endpointsNamespace"] is { IsSet: true, Text: "" } name:
                name.Invalid("if the endpointnamespace is set, it must be a valid namespace name");
                break;
            case "glusterfs":
                source["endpointsNamespace"].OptionalName(Names.DnsLabel);
                break;
        }
    }

    private static void Secret(Field secret)
    {
        if (secret.IsSet)
        {
            secret["name"].RequiredName(Names.DnsSubdomain);
            secret["namespace"].RequiredName(Names.DnsLabel);
        }
    }

    private static JsonObject SourceOf(JsonNode? spec) => new(
        Sources.Where(source => spec?[source] is not null).Select(source => KeyValuePair.Create(source, spec?[source]?.DeepClone())));
}
