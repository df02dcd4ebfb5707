using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>The role that a binding gives.</summary>
internal readonly record struct RoleReference(string ApiGroup, string Kind, string Name)
{
    public const string Group = "rbac.authorization.k8s.io";

    public static RoleReference Of(JsonObject binding) => new(
        binding.StringAt("roleRef", "apiGroup") ?? "", binding.StringAt("roleRef", "kind") ?? "", binding.StringAt("roleRef", "name") ?? "");

    public bool IsClusterRole => Kind == "ClusterRole";
}
