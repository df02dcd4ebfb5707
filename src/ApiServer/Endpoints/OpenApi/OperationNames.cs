using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>How operation ids and tags name a group version: generated clients take their method names from them.</summary>
internal static class OperationNames
{
    /// <summary>As in operation ids: <c>RbacAuthorizationV1</c>.</summary>
    public static string Of(GroupVersionKind kind) => Group(kind.Group, firstUpper: true) + Capital(kind.Version);

    /// <summary>As in tags: <c>rbacAuthorization_v1</c>.</summary>
    public static string TagOf(GroupVersionKind kind) => $"{Group(kind.Group, firstUpper: false)}_{kind.Version}";

    private static string Group(string group, bool firstUpper)
    {
        const string domain = ".k8s.io";
        var name = group.Length == 0 ? "core" : group.EndsWith(domain, StringComparison.Ordinal) ? group[..^domain.Length] : group;
        var words = name.Split('.');
        return string.Concat(words.Select((word, index) => index == 0 && !firstUpper ? word : Capital(word)));
    }

    public static string Capital(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];
}
