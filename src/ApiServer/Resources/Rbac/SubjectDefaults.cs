using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Rbac;

/// <summary>Groups that role bindings leave out.</summary>
internal static class SubjectDefaults
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    public static void Apply(JsonObject binding)
    {
        binding.ObjectAt("roleRef")?.SetDefault("apiGroup", RbacGroup);
        foreach (var subject in binding.ObjectsAt("subjects"))
        {
            if (subject.StringAt("kind") is "User" or "Group")
            {
                subject.SetDefault("apiGroup", RbacGroup);
            }
        }
    }
}
