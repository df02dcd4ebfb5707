using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Names of resources: upstream's own, and those that devices and other extensions bring.</summary>
internal static class ResourceNames
{
    private const string Native = "kubernetes.io/";
    private const string HugePages = "hugepages-";

    private static readonly HashSet<string> OfContainers = ["cpu", "memory", "ephemeral-storage"];

    private static readonly HashSet<string> OfQuotas =
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
        "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps",
        "services.nodeports", "services.loadbalancers",
    ];

    private static readonly HashSet<string> Standard = [.. OfQuotas, "storage"];

    private static readonly HashSet<string> Counted =
    [
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports",
        "services.loadbalancers",
    ];

    public static bool IsHugePages(string name) => name.StartsWith(HugePages, StringComparison.Ordinal);

    /// <summary>Without a prefix, or with upstream's own.</summary>
    public static bool IsNative(string name) => !name.Contains('/', StringComparison.Ordinal) || name.Contains(Native, StringComparison.Ordinal);

    /// <summary>Whether more may be promised than there is. Whole devices and huge pages are never shared.</summary>
    public static bool AllowsOvercommit(string name) => IsNative(name) && !IsHugePages(name);

    public static bool IsOfContainers(string name) => OfContainers.Contains(name) || IsHugePages(name);

    public static bool IsOfQuotas(string name) =>
        OfQuotas.Contains(name) || IsHugePages(name) || name.StartsWith("requests." + HugePages, StringComparison.Ordinal);

    public static bool IsStandard(string name) => Standard.Contains(name) || IsHugePages(name) || name.StartsWith("requests." + HugePages, StringComparison.Ordinal);

    /// <summary>Whether only whole numbers of it exist.</summary>
    public static bool IsInteger(string name) => Counted.Contains(name) || IsExtended(name);

    public static bool IsExtended(string name) =>
        !IsNative(name) && !name.StartsWith("requests.", StringComparison.Ordinal) && !Names.QualifiedName("requests." + name).Any();
}
