using System.Text.Json.Nodes;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The volumes of a pod (upstream's ValidateVolumes): each has a name of its own and one source.</summary>
internal static class VolumeChecks
{
    /// <summary>In upstream's order: the first one that is set counts, and the others are too many.</summary>
    private static readonly string[] Sources =
    [
        "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker",
        "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume",
        "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
    ];

    /// <summary>The good ones, by name: a mount of a bad one is told of as not found, as upstream does.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Validate(Field volumes, string? podName)
    {
        var good = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var own = OwnClaims(volumes, podName);
        foreach (var volume in volumes.Items)
        {
            var (faults, name, claim) = (volume.Faults, volume["name"], volume["persistentVolumeClaim"]["claimName"]);
            Source(volume, podName);
            name.RequiredName(Names.DnsLabel);
            if (good.ContainsKey(name.Text))
            {
                name.Duplicate(name.Text);
            }

            if (volume.Faults == faults && volume.Value is JsonObject source)
            {
                good[name.Text] = source;
            }

            if (own.Contains(claim.Text))
            {
                claim.Invalid("must not reference a PVC that gets created for an ephemeral volume");
            }
        }

        return good;
    }

    /// <summary>The claims that are made for the pod's own volumes.</summary>
    private static HashSet<string> OwnClaims(Field volumes, string? podName) => string.IsNullOrEmpty(podName)
        ? []
        : [.. volumes.Items.Where(volume => volume["ephemeral"].IsSet).Select(volume => $"{podName}-{volume["name"].Text}")];

    private static void Source(Field volume, string? podName)
    {
        var hasOne = false;
        foreach (var name in Sources)
        {
            var source = volume[name];
            if (!source.IsSet)
            {
                continue;
            }

            if (hasOne)
            {
                volume[StorageSourceChecks.NameOfSurplus(name)].Forbidden("may not specify more than 1 volume type");
                continue;
            }

            hasOne = true;
            OfSource(name, source, volume, podName);
        }

        if (!hasOne)
        {
            volume.Required("must specify a volume type");
        }
    }

    private static void OfSource(string name, Field source, Field volume, string? podName)
    {
        switch (name)
        {
            case "emptyDir":
                EmptyDir(source);
                break;
            case "hostPath":
                HostPath(source);
                break;
            case "secret":
                source["secretName"].NotEmpty();
                ProjectionChecks.ModeAndItems(source);
                break;
            case "configMap":
                source["name"].NotEmpty();
                ProjectionChecks.ModeAndItems(source);
                break;
            case "downwardAPI":
                source["defaultMode"].FileMode();
                foreach (var file in source["items"].Items)
                {
                    DownwardApiChecks.OfFile(file, source);
                }

                break;
            case "projected":
                ProjectionChecks.Validate(source);
                break;
            case "persistentVolumeClaim":
                source["claimName"].NotEmpty();
                break;
            case "ephemeral":
                Ephemeral(source, volume, podName);
                break;
            case "image":
                source["reference"].NotEmpty();
                source["pullPolicy"].OneOf("Always", "IfNotPresent", "Never");
                break;
            default:
                StorageSourceChecks.Validate(name, volume[StorageSourceChecks.NameOfFaulty(name)].With(source.Value), volume["name"]);
                break;
        }
    }

    /// <summary>A path of the node.</summary>
    public static void HostPath(Field source)
    {
        if (source["path"].NotEmpty())
        {
            source["path"].NoBacksteps();
            source["type"].OptionalOneOf("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
        }
    }

    private static void EmptyDir(Field source)
    {
        if (source["sizeLimit"].Text.StartsWith('-'))
        {
            source["sizeLimit"].Forbidden("SizeLimit field must be a valid resource quantity");
        }
    }

    private static void Ephemeral(Field source, Field volume, string? podName)
    {
        var template = source["volumeClaimTemplate"];
        if (!template.IsSet)
        {
            template.Required();
        }
        else
        {
            template["metadata"]["annotations"].Annotations();
            template["metadata"]["labels"].Labels();
            foreach (var (field, value) in template["metadata"].Value as JsonObject ?? [])
            {
                if (field is not ("annotations" or "labels") && value is not null)
                {
                    template["metadata"][field].Forbidden("cannot be set");
                }
            }

            ClaimChecks.Spec(template["spec"]);
        }

        if (!string.IsNullOrEmpty(podName) && volume["name"].Text is { Length: > 0 } name)
        {
            var claim = $"{podName}-{name}";
            foreach (var fault in Names.DnsSubdomain(claim))
            {
                volume["name"].Invalid($"PVC name \"{claim}\": {fault}");
            }
        }
    }
}
