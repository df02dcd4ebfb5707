using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

/// <summary>How tables show what parameterizes a policy.</summary>
internal static class ParamColumns
{
    public static string Kind(JsonObject policy) => policy.ObjectAt("spec", "paramKind") is { } kind
        ? $"{kind.StringAt("apiVersion")}/{kind.StringAt("kind")}"
        : Cell.Unset;

    public static string Reference(JsonObject binding)
    {
        if (binding.ObjectAt("spec", "paramRef") is not { } reference)
        {
            return Cell.Unset;
        }

        if (reference.ObjectAt("selector") is not null)
        {
            return reference.StringAt("namespace") is { Length: > 0 } space ? $"{space}/<selector>" : "<selector>";
        }

        return reference.StringAt("namespace") is { Length: > 0 } ns ? $"{ns}/{reference.StringAt("name")}" : $"*/{reference.StringAt("name")}";
    }
}
