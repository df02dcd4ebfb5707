using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Authorization;

/// <summary>What is checked of every question whether somebody may do something.</summary>
internal static class AccessReviewChecks
{
    /// <summary>Exactly one of a resource and a path is asked for.</summary>
    public static IEnumerable<FieldError> Attributes(JsonObject review)
    {
        var (resource, path) = (review.ObjectAt("spec", "resourceAttributes"), review.ObjectAt("spec", "nonResourceAttributes"));
        if (resource is not null && path is not null)
        {
            yield return FieldError.Invalid("spec.nonResourceAttributes", path, "cannot be specified in combination with resourceAttributes");
        }

        if (resource is null && path is null)
        {
            yield return FieldError.Invalid("spec.resourceAttributes", null, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }

        foreach (var field in (string[])["fieldSelector", "labelSelector"])
        {
            if (resource.ObjectAt(field) is { } selector)
            {
                foreach (var error in Selector($"spec.resourceAttributes.{field}", selector))
                {
                    yield return error;
                }
            }
        }
    }

    /// <summary>Of a question about somebody else: about whom.</summary>
    public static IEnumerable<FieldError> Subject(JsonObject review) =>
        string.IsNullOrEmpty(review.StringAt("spec", "user")) && review.At("spec", "groups") is not JsonArray { Count: > 0 }
            ? [FieldError.Invalid("spec.user", "", "at least one of user or group must be specified")]
            : [];

    private static IEnumerable<FieldError> Selector(string path, JsonObject selector)
    {
        var isRaw = selector.StringAt("rawSelector") is { Length: > 0 };
        var hasRequirements = selector["requirements"] is JsonArray { Count: > 0 };
        return (isRaw, hasRequirements) switch
        {
            (true, true) => [FieldError.Invalid($"{path}.rawSelector", selector.StringAt("rawSelector"), "may not specified at the same time as requirements")],
            (false, false) => [FieldError.Required($"{path}.requirements", $"when {path} is specified, requirements or rawSelector is required")],
            _ => [],
        };
    }
}
