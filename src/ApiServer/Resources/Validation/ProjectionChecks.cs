namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Files that are made of secrets, config maps, tokens and the like.</summary>
internal static class ProjectionChecks
{
    private const long LongestToken = 1L << 32;

    private static readonly string[] Kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];

    public static void ModeAndItems(Field source)
    {
        source["defaultMode"].FileMode();
        foreach (var item in source["items"].Items)
        {
            Item(item);
        }
    }

    public static void Validate(Field projected)
    {
        projected["defaultMode"].FileMode();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in projected["sources"].Items)
        {
            foreach (var kind in Kinds)
            {
                if (source[kind].IsSet)
                {
                    OfKind(kind, source[kind], projected, paths);
                }
            }

            if (Kinds.Count(kind => source[kind].IsSet) > 1)
            {
                source.Forbidden("may not specify more than 1 volume type per source");
            }
        }
    }

    private static void OfKind(string kind, Field source, Field projected, HashSet<string> paths)
    {
        switch (kind)
        {
            case "secret" or "configMap":
                source["name"].NotEmpty();
                foreach (var item in source["items"].Items)
                {
                    Item(item);
                    Path(item["path"].Text, projected, paths, source["name"].Text);
                }

                break;
            case "downwardAPI":
                foreach (var file in source["items"].Items)
                {
                    DownwardApiChecks.OfFile(file, source);
                    Path(file["path"].Text, projected, paths, file["path"].Text);
                }

                break;
            case "serviceAccountToken":
                Token(source, projected["path"].With(source["path"].Value));
                break;
            case "clusterTrustBundle":
                Bundle(source);
                Path(source["path"].Text, projected, paths, source["path"].Text);
                break;
            default:
                source["signerName"].NotEmpty();
                source["keyType"].OneOf("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519");
                break;
        }
    }

    private static void Token(Field token, Field path)
    {
        var seconds = token["expirationSeconds"];
        if (seconds.Number < 600)
        {
            seconds.Invalid("may not specify a duration less than 10 minutes");
        }
        else if (seconds.Number > LongestToken)
        {
            seconds.Invalid("may not specify a duration larger than 2^32 seconds");
        }

        if (path.NotEmpty())
        {
            path.LocalPath();
        }
    }

    private static void Bundle(Field bundle)
    {
        var (name, signer) = (bundle["name"], bundle["signerName"]);
        if (name.IsSet && signer.IsSet)
        {
            bundle.Invalid("only one of name and signerName may be used");
        }
        else if (name.IsSet)
        {
            name.NotEmpty("must be a valid object name");
            if (bundle["labelSelector"].IsSet)
            {
                bundle["labelSelector"].Invalid("labelSelector must be unset if name is specified");
            }
        }
        else if (signer.IsSet)
        {
            signer.NotEmpty("must be a valid signer name");
            bundle["labelSelector"].LabelSelector();
        }
        else
        {
            bundle.Required("either name or signerName must be specified");
        }

        bundle["path"].NotEmpty();
        bundle["path"].LocalPath();
    }

    private static void Item(Field item)
    {
        item["key"].NotEmpty();
        item["path"].NotEmpty();
        item["path"].LocalPath();
        item["mode"].FileMode();
    }

    private static void Path(string path, Field projected, HashSet<string> paths, string shown)
    {
        if (path.Length > 0 && !paths.Add(path))
        {
            projected.InvalidValue(shown, "conflicting duplicate paths");
        }
    }
}
