using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The contents of ConfigMaps and Secrets.</summary>
internal static class DataChecks
{
    /// <summary>1 MiB.</summary>
    public const int MaximumBytes = 1024 * 1024;

    public static IEnumerable<FieldError> Keys(string path, JsonObject? data) => (data ?? [])
        .SelectMany(entry => Names.ConfigKey(entry.Key).Select(fault => FieldError.Invalid($"{path}[{entry.Key}]", entry.Key, fault)));

    /// <summary>Of texts, and of bytes in base64.</summary>
    public static long SizeOf(JsonObject? texts, JsonObject? bytes) =>
        (texts ?? []).Sum(entry => (long)Encoding.UTF8.GetByteCount(FieldPath.Text(entry.Value)))
        + (bytes ?? []).Sum(entry => DecodedLength(FieldPath.Text(entry.Value)));

    /// <summary>What is marked immutable stays as it is, and stays marked.</summary>
    public static IEnumerable<FieldError> Immutable(JsonObject obj, JsonObject old, params IEnumerable<string> fields)
    {
        const string Why = "field is immutable when `immutable` is set";
        if (old.BooleanAt("immutable") != true)
        {
            yield break;
        }

        if (obj.BooleanAt("immutable") != true)
        {
            yield return FieldError.Forbidden("immutable", Why);
        }

        foreach (var field in fields)
        {
            if (!JsonNode.DeepEquals(obj[field], old[field]))
            {
                yield return FieldError.Forbidden(field, Why);
            }
        }
    }

    private static long DecodedLength(string base64) => (base64.Length / 4L * 3) - base64.AsSpan()[^Math.Min(2, base64.Length)..].Count('=');
}
