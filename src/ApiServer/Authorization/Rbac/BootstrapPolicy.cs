using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>Upstream's roles and bindings, from <c>manifests/rbac</c>. Read when they are asked for, and not kept.</summary>
internal static class BootstrapPolicy
{
    private static readonly string[] Files = ["cluster-roles.json", "controller-roles.json", "cluster-role-bindings.json", "namespaced.json"];

    /// <summary>All objects, roles before the bindings to them.</summary>
    public static IEnumerable<JsonObject> Objects() => Files.SelectMany(Read);

    public static IReadOnlyList<PolicyRule> RulesOf(string clusterRole) =>
        PolicyRule.ParseAll(Read(Files[0]).First(role => role.StringAt("metadata", "name") == clusterRole));

    private static IEnumerable<JsonObject> Read(string file)
    {
        using var stream = typeof(BootstrapPolicy).Assembly.GetManifestResourceStream($"rbac/{file}")
            ?? throw new InvalidOperationException($"The resource rbac/{file} is not in the program.");
        var list = JsonNode.Parse(stream) ?? throw new JsonException($"rbac/{file} is empty.");
        return list.ObjectsAt("items");
    }
}
