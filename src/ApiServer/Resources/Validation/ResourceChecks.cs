using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What a container asks for and may use.</summary>
internal static class ResourceChecks
{
    private static readonly string[] Standard = ["cpu", "memory", "ephemeral-storage"];

    public static IEnumerable<FieldError> Validate(string path, JsonObject? resources)
    {
        var limits = Amounts(resources.ObjectAt("limits"));
        var requests = Amounts(resources.ObjectAt("requests"));
        return limits.SelectMany(limit => One($"{path}.limits", limit.Key, limit.Value))
            .Concat(requests.SelectMany(request => One($"{path}.requests", request.Key, request.Value)))
            .Concat(requests.SelectMany(request => Against($"{path}.requests", request.Key, request.Value, limits)));
    }

    private static Dictionary<string, Quantity> Amounts(JsonObject? amounts) => (amounts ?? []).ToDictionary(
        amount => amount.Key,
        amount => Quantity.TryParse(FieldPath.Text(amount.Value), out var quantity) ? quantity : Quantity.Zero);

    private static IEnumerable<FieldError> One(string path, string name, Quantity amount)
    {
        var at = $"{path}[{name}]";
        foreach (var error in Checks.Named(at, name, Names.QualifiedName))
        {
            yield return error;
        }

        if (!name.Contains('/', StringComparison.Ordinal) && !Standard.Contains(name) && !IsHugePages(name))
        {
            yield return FieldError.Invalid(at, name, "must be a standard resource for containers");
        }

        if (amount.IsNegative)
        {
            yield return FieldError.Invalid(at, amount.ToString(), "must be greater than or equal to 0");
        }

        if (IsExtended(name) && amount.MilliValue % 1000 != 0)
        {
            yield return FieldError.Invalid(at, amount.ToString(), "must be an integer");
        }
    }

    private static IEnumerable<FieldError> Against(string path, string name, Quantity request, Dictionary<string, Quantity> limits)
    {
        if (!limits.TryGetValue(name, out var limit))
        {
            if (IsExtended(name) || IsHugePages(name))
            {
                yield return FieldError.Required(path.Replace(".requests", ".limits", StringComparison.Ordinal), "Limit must be set for non overcommitable resources");
            }
        }
        else if ((IsExtended(name) || IsHugePages(name)) && request != limit)
        {
            yield return FieldError.Invalid(path, request.ToString(), $"must be equal to {name} limit of {limit}");
        }
        else if (request > limit)
        {
            yield return FieldError.Invalid(path, request.ToString(), $"must be less than or equal to {name} limit of {limit}");
        }
    }

    private static bool IsHugePages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal);

    // Devices and the like: whole ones only, and never shared.
    private static bool IsExtended(string name) =>
        name.Contains('/', StringComparison.Ordinal) && !name.Contains("kubernetes.io/", StringComparison.Ordinal);
}
