using System.Text.RegularExpressions;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Volumes that a storage system of the network or of a cloud provides: what names the volume there must be said.</summary>
internal static partial class StorageSourceChecks
{
    private const int LongestIscsiName = 64;

    /// <summary>What upstream's paths call a source that is one too many.</summary>
    public static string NameOfSurplus(string name) => name switch
    {
        "cephfs" => "cephFS",
        "downwardAPI" => "downwarAPI",
        _ => name,
    };

    /// <summary>What upstream's paths call a source with faults.</summary>
    public static string NameOfFaulty(string name) => name == "gcePersistentDisk" ? "persistentDisk" : name;

    public static void Validate(string name, Field source, Field volumeName)
    {
        switch (name)
        {
            case "gitRepo":
                source["repository"].NotEmpty();
                source["directory"].DescendingPath();
                break;
            case "gcePersistentDisk":
                Disk(source, "pdName");
                break;
            case "awsElasticBlockStore":
                Disk(source, "volumeID");
                break;
            case "nfs":
                Nfs(source);
                break;
            case "iscsi":
                Iscsi(source, volumeName);
                break;
            case "glusterfs":
                NotEmpty(source, "endpoints", "path");
                break;
            case "flocker":
                Flocker(source);
                break;
            case "rbd":
                NotEmpty(source, "monitors", "image");
                break;
            case "cinder":
                NotEmpty(source, "volumeID");
                SecretName(source);
                break;
            case "cephfs":
                NotEmpty(source, "monitors");
                break;
            case "quobyte":
                Quobyte(source);
                break;
            case "fc":
                FibreChannel(source);
                break;
            case "flexVolume":
                Flex(source);
                break;
            case "azureFile":
                NotEmpty(source, "secretName", "shareName");
                break;
            case "vsphereVolume":
                NotEmpty(source, "volumePath");
                break;
            case "photonPersistentDisk":
                NotEmpty(source, "pdID");
                break;
            case "portworxVolume":
                NotEmpty(source, "volumeID");
                break;
            case "azureDisk":
                AzureDisk(source);
                break;
            case "storageos":
                source["volumeName"].RequiredName(Names.DnsLabel);
                source["volumeNamespace"].OptionalName(Names.DnsLabel);
                SecretName(source);
                break;
            case "scaleIO":
                NotEmpty(source, "gateway", "system", "volumeName");
                break;
            case "csi":
                Csi(source);
                break;
        }
    }

    private static void NotEmpty(Field source, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            source[name].NotEmpty();
        }
    }

    private static void SecretName(Field source)
    {
        if (source["secretRef"].IsSet)
        {
            source["secretRef"]["name"].NotEmpty();
        }
    }

    private static void Disk(Field source, string name)
    {
        source[name].NotEmpty();
        if (source["partition"].Number is < 0 or > 255)
        {
            source["partition"].Invalid("must be between 1 and 255, inclusive");
        }
    }

    private static void Nfs(Field source)
    {
        NotEmpty(source, "server", "path");
        if (!source["path"].Text.StartsWith('/'))
        {
            source["path"].Invalid("must be an absolute path");
        }
    }

    private static void Iscsi(Field source, Field volumeName)
    {
        source["targetPortal"].NotEmpty();
        if (source["iqn"].NotEmpty())
        {
            IscsiName(source["iqn"]);
        }

        source["lun"].Between(0, 255);
        if ((source["chapAuthDiscovery"].IsTrue || source["chapAuthSession"].IsTrue) && !source["secretRef"].IsSet)
        {
            source["secretRef"].Required();
        }

        if (source["initiatorName"].IsSet)
        {
            IscsiName(source["initiatorname"].With(source["initiatorName"].Value));
            if ($"{volumeName.Text}:{source["targetPortal"].Text}".Length > LongestIscsiName)
            {
                volumeName.Invalid("Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.");
            }
        }
    }

    private static void IscsiName(Field name)
    {
        bool? isGood = name.Text switch
        {
            ['i', 'q', 'n', ..] => Iqn().IsMatch(name.Text),
            ['e', 'u', 'i', ..] => Eui().IsMatch(name.Text),
            ['n', 'a', 'a', ..] => Naa().IsMatch(name.Text),
            _ => null,
        };
        if (isGood != true)
        {
            name.Invalid(isGood is null ? "must be valid format starting with iqn, eui, or naa" : "must be valid format");
        }
    }

    private static void Flocker(Field source)
    {
        var (name, uuid) = (source["datasetName"].Text, source["datasetUUID"].Text);
        if (name.Length == 0 && uuid.Length == 0)
        {
            source.Required("one of datasetName and datasetUUID is required");
        }

        if (name.Length > 0 && uuid.Length > 0)
        {
            source.InvalidValue("resource", "datasetName and datasetUUID can not be specified simultaneously");
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            source["datasetName"].Invalid("must not contain '/'");
        }
    }

    private static void Quobyte(Field source)
    {
        const string Pairs = "must be a host:port pair or multiple pairs separated by commas";
        if (!source["registry"].NotEmpty(Pairs))
        {
            source["volume"].NotEmpty();
            return;
        }

        if (source["tenant"].Text.Length >= 65)
        {
            source["tenant"].Required("must be a UUID and may not exceed a length of 64 characters");
        }
        else if (source["registry"].Text.Split(',').Any(pair => pair.LastIndexOf(':') < 0))
        {
            source["registry"].Invalid(Pairs);
        }

        source["volume"].NotEmpty();
    }

    private static void FibreChannel(Field source)
    {
        var (targets, ids) = (source["targetWWNs"], source["wwids"]);
        if (targets.Count == 0 && ids.Count == 0)
        {
            targets.Required("must specify either targetWWNs or wwids, but not both");
        }
        else if (targets.Count > 0 && ids.Count > 0)
        {
            targets.Invalid("targetWWNs and wwids can not be specified simultaneously");
        }

        if (targets.Count > 0 && !source["lun"].IsSet)
        {
            source["lun"].Required("lun is required if targetWWNs is specified");
        }
        else if (targets.Count > 0)
        {
            source["lun"].Between(0, 255);
        }
    }

    private static void Flex(Field source)
    {
        source["driver"].NotEmpty();
        foreach (var (name, option) in source["options"].Entries)
        {
            var space = "." + name.Split('/')[0].ToLowerInvariant();
            if (space.EndsWith(".kubernetes.io", StringComparison.Ordinal) || space.EndsWith(".k8s.io", StringComparison.Ordinal))
            {
                option.InvalidValue(name, "kubernetes.io and k8s.io namespaces are reserved");
            }
        }
    }

    private static void AzureDisk(Field source)
    {
        NotEmpty(source, "diskName", "diskURI");
        source["cachingMode"].OptionalOneOf("None", "ReadOnly", "ReadWrite");
        source["kind"].OptionalOneOf("Dedicated", "Managed", "Shared");
        var (kind, uri) = (source["kind"].Text, source["diskURI"]);
        if (kind == "Managed" && !uri.Text.StartsWith("/subscriptions/", StringComparison.Ordinal))
        {
            uri.NotSupported("/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}");
        }
        else if (kind.Length > 0 && kind != "Managed" && !uri.Text.StartsWith("https://", StringComparison.Ordinal))
        {
            uri.NotSupported("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd");
        }
    }

    private static void Csi(Field source)
    {
        var driver = source["driver"];
        driver.NotEmpty();
        if (driver.Text.Length > 63)
        {
            driver.TooLong(63);
        }

        foreach (var fault in Names.DnsSubdomain(driver.Text.ToLowerInvariant()))
        {
            driver.Invalid(fault);
        }

        var secret = source["nodePublishSecretRef"];
        if (secret.IsSet && secret["name"].NotEmpty())
        {
            source["name"].With(secret["name"].Value).Name(Names.DnsSubdomain);
        }
    }

    [GeneratedRegex(@"iqn\.\d{4}-\d{2}\.([a-zA-Z0-9.-]+)(:[^,;*&$|\s]+)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Iqn();

    [GeneratedRegex(@"\Aeui.[a-zA-Z0-9]{16}\z")]
    private static partial Regex Eui();

    [GeneratedRegex(@"\Anaa.[a-zA-Z0-9]{32}\z")]
    private static partial Regex Naa();
}
