using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

/// <summary>The conditions in the status of a CustomResourceDefinition.</summary>
internal static class DefinitionConditions
{
    public const string NamesAccepted = "NamesAccepted";
    public const string Established = "Established";
    public const string Terminating = "Terminating";
    public const string ApprovalPolicyConformant = "KubernetesAPIApprovalPolicyConformant";

    public static bool IsTrue(JsonObject definition, string type) => Find(definition, type).StringAt("status") == "True";

    /// <summary>Sets a condition; the time of its transition changes only when its status does.</summary>
    public static void Set(JsonObject definition, string type, bool isTrue, string reason, string message, string now)
    {
        var status = definition.GetOrAddObject("status");
        if (status["conditions"] is not JsonArray conditions)
        {
            status["conditions"] = conditions = [];
        }

        var value = isTrue ? "True" : "False";
        if (Find(definition, type) is not { } condition)
        {
            conditions.Add(condition = new JsonObject { ["type"] = type });
        }

        if (condition.StringAt("status") != value)
        {
            condition["lastTransitionTime"] = now;
        }

        condition["status"] = value;
        condition["reason"] = reason;
        condition["message"] = message;
    }

    private static JsonObject? Find(JsonObject definition, string type) =>
        definition.ObjectsAt("status", "conditions").FirstOrDefault(condition => condition.StringAt("type") == type);
}
