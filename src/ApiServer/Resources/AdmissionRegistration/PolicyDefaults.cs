using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

/// <summary>What admission policies of both kinds have in common.</summary>
internal static class PolicyDefaults
{
    public static void Apply(JsonObject? spec)
    {
        spec?.SetDefault("failurePolicy", "Fail");
        ApplyToMatch(spec.ObjectAt("matchConstraints"));
    }

    /// <summary>The rules that say which requests are meant.</summary>
    public static void ApplyToMatch(JsonObject? match)
    {
        if (match is null)
        {
            return;
        }

        match.SetDefault("matchPolicy", "Equivalent");
        match.GetOrAddObject("namespaceSelector");
        match.GetOrAddObject("objectSelector");
        foreach (var rule in match.ObjectsAt("resourceRules").Concat(match.ObjectsAt("excludeResourceRules")))
        {
            rule.SetDefault("scope", "*");
        }
    }
}
