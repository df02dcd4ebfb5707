using MiniKube.Api.Meta;

namespace MiniKube.Api.Schema;

/// <summary>Go's packages of API types and the API groups they hold: a group is called as its package, apart from these.</summary>
internal static class ApiPackages
{
    private static readonly Dictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["admission"] = "admission.k8s.io",
        ["admissionregistration"] = "admissionregistration.k8s.io",
        ["apidiscovery"] = "apidiscovery.k8s.io",
        ["apiextensions"] = "apiextensions.k8s.io",
        ["apiregistration"] = "apiregistration.k8s.io",
        ["apiserverinternal"] = "internal.apiserver.k8s.io",
        ["authentication"] = "authentication.k8s.io",
        ["authorization"] = "authorization.k8s.io",
        ["certificates"] = "certificates.k8s.io",
        ["coordination"] = "coordination.k8s.io",
        ["core"] = "",
        ["discovery"] = "discovery.k8s.io",
        ["events"] = "events.k8s.io",
        ["flowcontrol"] = "flowcontrol.apiserver.k8s.io",
        ["imagepolicy"] = "imagepolicy.k8s.io",
        ["lifecycle"] = "lifecycle.k8s.io",
        ["meta"] = "meta.k8s.io",
        ["metrics"] = "metrics.k8s.io",
        ["networking"] = "networking.k8s.io",
        ["node"] = "node.k8s.io",
        ["rbac"] = "rbac.authorization.k8s.io",
        ["resource"] = "resource.k8s.io",
        ["scheduling"] = "scheduling.k8s.io",
        ["storage"] = "storage.k8s.io",
        ["storagemigration"] = "storagemigration.k8s.io",
    };

    private static readonly Dictionary<string, string> Packages =
        Groups.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string PackageOf(string group, string version) => $"{Packages.GetValueOrDefault(group, group)}/{version}";

    public static GroupVersionKind KindOf(ObjectType type)
    {
        var slash = type.Package.LastIndexOf('/');
        var package = slash < 0 ? type.Package : type.Package[..slash];
        return new GroupVersionKind(Groups.GetValueOrDefault(package, package), type.Package[(slash + 1)..], type.Name);
    }
}
