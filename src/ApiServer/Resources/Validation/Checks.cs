using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Rules that many kinds share, with upstream's words. Defaults have been applied before.</summary>
internal static class Checks
{
    public const string Immutable = "field is immutable";

    /// <summary>Each fault of a name as an error of its field.</summary>
    public static IEnumerable<FieldError> Named(string path, string value, Func<string, IEnumerable<string>> rule) =>
        rule(value).Select(fault => FieldError.Invalid(path, value, fault));

    /// <summary>A name that must be there.</summary>
    public static IEnumerable<FieldError> RequiredName(string path, string? value, Func<string, IEnumerable<string>> rule) =>
        string.IsNullOrEmpty(value) ? [FieldError.Required(path)] : Named(path, value, rule);

    public static IEnumerable<FieldError> OptionalName(string path, string? value, Func<string, IEnumerable<string>> rule) =>
        string.IsNullOrEmpty(value) ? [] : Named(path, value, rule);

    public static IEnumerable<FieldError> NotNegative(JsonNode? obj, string path, params IEnumerable<string> fields) =>
        from field in fields
        let value = obj.IntegerAt(field)
        where value < 0
        select FieldError.Invalid($"{path}.{field}", value, "must be greater than or equal to 0");

    public static IEnumerable<FieldError> OneOf(string path, string? value, params IReadOnlyList<string> supported) =>
        value is not null && supported.Contains(value) ? [] : [FieldError.NotSupported(path, value ?? "", supported)];

    public static IEnumerable<FieldError> OptionalOneOf(string path, string? value, params IReadOnlyList<string> supported) =>
        string.IsNullOrEmpty(value) ? [] : OneOf(path, value, supported);

    public static IEnumerable<FieldError> PortNumber(string path, long port) =>
        Names.PortNumber(port).Select(fault => FieldError.Invalid(path, port, fault));

    /// <summary>A number or the name of a port.</summary>
    public static IEnumerable<FieldError> PortNumberOrName(string path, JsonNode? port) => port.IntegerAt() is { } number
        ? PortNumber(path, number)
        : Named(path, port.StringAt() ?? "", Names.PortName);

    public static IEnumerable<FieldError> Labels(string path, JsonNode? labels)
    {
        foreach (var (key, value) in labels as JsonObject ?? [])
        {
            foreach (var error in Named(path, key, Names.QualifiedName))
            {
                yield return error;
            }

            foreach (var error in Named(path, FieldPath.Text(value), Names.LabelValue))
            {
                yield return error;
            }
        }
    }

    public static IEnumerable<FieldError> Unchanged(string path, JsonNode? now, JsonNode? before) =>
        JsonNode.DeepEquals(now, before) ? [] : [FieldError.Invalid(path, now, Immutable)];
}
