using MiniKube.Api.Quantities;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What a container may be told of its own pod, in variables and in files.</summary>
internal static class DownwardApiChecks
{
    private const string Divisors = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";

    private static readonly string[] ForVariables =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
        "status.podIPs",
    ];

    private static readonly string[] ForFiles = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

    // What upstream can convert at all: the rest is told so in other words.
    private static readonly string[] Convertible =
        [.. ForVariables, "metadata.annotations", "metadata.labels", "spec.restartPolicy", "spec.schedulerName", "status.phase"];

    private static readonly string[] Resources =
        ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

    public static void OfVariable(Field reference) => PodField(reference, ForVariables);

    /// <summary>A file of a volume. Upstream's paths of these leave out the index of the item: <paramref name="shown"/>.</summary>
    public static void OfFile(Field file, Field shown)
    {
        var path = shown["path"].With(file["path"].Value);
        path.NotEmpty();
        path.LocalPath();
        if (file["fieldRef"].IsSet)
        {
            PodField(shown.With(file.Value)["fieldRef"], ForFiles);
            if (file["resourceFieldRef"].IsSet)
            {
                shown.InvalidValue("resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        }
        else if (file["resourceFieldRef"].IsSet)
        {
            Resource(shown.With(file.Value)["resourceFieldRef"], needsContainer: true);
        }
        else
        {
            shown.Required("one of fieldRef and resourceFieldRef is required");
        }

        shown["mode"].With(file["mode"].Value).FileMode();
    }

    public static void Resource(Field reference, bool needsContainer)
    {
        var resource = reference["resource"];
        if (needsContainer && reference["containerName"].Text.Length == 0)
        {
            reference["containerName"].Required();
        }
        else if (resource.NotEmpty() && !Resources.Contains(resource.Text) && !IsHugePages(resource.Text))
        {
            resource.NotSupported(Resources);
        }

        if (Quantity.TryParse(reference["divisor"].Text, out var divisor) && !divisor.IsZero && DivisorFault(resource.Text, divisor.ToString()) is { } fault)
        {
            reference["divisor"].InvalidValue(resource.Text, fault);
        }
    }

    private static string? DivisorFault(string resource, string divisor)
    {
        var kind = resource switch
        {
            "limits.cpu" or "requests.cpu" => "cpu",
            "limits.memory" or "requests.memory" => "memory",
            "limits.ephemeral-storage" or "requests.ephemeral-storage" => "local ephemeral storage",
            _ => IsHugePages(resource) ? "hugepages" : null,
        };
        return kind switch
        {
            null => null,
            "cpu" => divisor is "1" or "1m" ? null : "only divisor's values 1m and 1 are supported with the cpu resource",
            _ => Divisors.Split(", ").Contains(divisor) ? null : $"only divisor's values {Divisors} are supported with the {kind} resource",
        };
    }

    private static bool IsHugePages(string resource) =>
        resource.StartsWith("limits.hugepages-", StringComparison.Ordinal) || resource.StartsWith("requests.hugepages-", StringComparison.Ordinal);

    private static void PodField(Field reference, string[] supported)
    {
        var path = reference["fieldPath"];
        if (!reference["apiVersion"].NotEmpty() || !path.NotEmpty())
        {
            return;
        }

        if (reference["apiVersion"].Text != "v1")
        {
            path.Invalid($"error converting fieldPath: unsupported pod version: {reference["apiVersion"].Text}");
            return;
        }

        var bracket = path.Text.IndexOf("['", StringComparison.Ordinal);
        if (bracket < 0 || !path.Text.EndsWith("']", StringComparison.Ordinal))
        {
            Whole(path, supported);
            return;
        }

        var (map, key) = (path.Text[..bracket], path.Text[(bracket + 2)..^2]);
        switch (map)
        {
            case "metadata.annotations":
                reference.With(key.ToLowerInvariant()).Name(Names.QualifiedName);
                break;
            case "metadata.labels":
                reference.With(key).Name(Names.QualifiedName);
                break;
            default:
                path.Invalid($"error converting fieldPath: field label does not support subscript: {path.Text}");
                break;
        }
    }

    private static void Whole(Field path, string[] supported)
    {
        if (!Convertible.Contains(path.Text))
        {
            path.Invalid($"error converting fieldPath: field label not supported: {path.Text}");
        }
        else if (!supported.Contains(path.Text))
        {
            path.NotSupported(supported);
        }
    }
}
