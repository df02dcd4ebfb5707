namespace MiniKube.ApiServer.Registry;

/// <summary>Where objects are in the store: as upstream, so that etcdctl and backup tools find them.</summary>
internal static class StoragePrefixes
{
    /// <summary>Built-in kinds live under their plural, whatever their group; these few do not.</summary>
    private static readonly Dictionary<(string Group, string Resource), string> Exceptions = new()
    {
        [("", "nodes")] = "/registry/minions/",
        [("", "services")] = "/registry/services/specs/",
        [("", "endpoints")] = "/registry/services/endpoints/",
        [("", "replicationcontrollers")] = "/registry/controllers/",
        [("networking.k8s.io", "ingresses")] = "/registry/ingress/",
        [("apiextensions.k8s.io", "customresourcedefinitions")] = "/registry/apiextensions.k8s.io/customresourcedefinitions/",
        [("apiregistration.k8s.io", "apiservices")] = "/registry/apiregistration.k8s.io/apiservices/",
    };

    /// <summary>Of a custom resource. It ends in a slash like every prefix, or one resource's list would read another's objects (CVE-2022-3162).</summary>
    public static string OfCustom(string group, string resource) => $"/registry/{group}/{resource}/";

    public static string Of(string group, string resource) => Exceptions.GetValueOrDefault((group, resource), $"/registry/{resource}/");
}
