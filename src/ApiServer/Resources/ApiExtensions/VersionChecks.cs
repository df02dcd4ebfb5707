using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

/// <summary>
/// Upstream's rules for the versions of a CustomResourceDefinition. What all versions have in common is told with the path that it has inside upstream
/// (<c>spec.validation</c>), which moves it there before it looks.
/// </summary>
internal static class VersionChecks
{
    private const int MaxSelectableFields = 8;
    private const int LongestWarning = 256;
    private static readonly string[] ColumnTypes = ["boolean", "date", "integer", "number", "string"];

    private static readonly string[] ColumnFormats =
        ["binary", "byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    public static IEnumerable<FieldError> Validate(JsonObject spec, List<JsonObject> versions, JsonObject? old)
    {
        foreach (var (index, version) in versions.Index())
        {
            var path = $"spec.versions[{index}]";
            var name = version.StringAt("name") ?? "";
            if (string.Join(',', Names.Dns1035Label(name)) is { Length: > 0 } faults)
            {
                yield return FieldError.Invalid($"{path}.name", name, faults);
            }

            foreach (var error in Deprecation(version, path))
            {
                yield return error;
            }
        }

        foreach (var error in Shared(versions, "schema", (version, isShared, index) => SchemaChecks.Validate(
                version.ObjectAt("schema", "openAPIV3Schema"),
                isShared ? "spec.validation" : $"spec.versions[{index}].schema",
                isShared ? versions.Any(HasStatus) : HasStatus(version),
                OldSchema(old, version)))
            .Concat(Shared(versions, "subresources", (version, isShared, index) =>
                Scale(version.ObjectAt("subresources", "scale"), isShared ? "spec.subresources" : $"spec.versions[{index}].subresources")))
            .Concat(Shared(versions, "additionalPrinterColumns", (version, isShared, index) =>
                Columns(version, isShared ? "spec.additionalPrinterColumns" : $"spec.versions[{index}].additionalPrinterColumns")))
            .Concat(Shared(versions, "selectableFields", (version, isShared, index) =>
                SelectableFields(version, isShared ? "spec.selectableFields" : $"spec.versions[{index}].selectableFields"))))
        {
            yield return error;
        }

        if (versions.Select(version => version.StringAt("name")).Distinct().Count() < versions.Count)
        {
            yield return FieldError.Invalid("spec.versions", spec["versions"], "must contain unique version names");
        }

        if (versions.Count(version => version.BooleanAt("storage") == true) != 1)
        {
            yield return FieldError.Invalid("spec.versions", spec["versions"], "must have exactly one version marked as storage version");
        }
    }

    private static IEnumerable<FieldError> Shared(
        List<JsonObject> versions, string field, Func<JsonObject, bool, int, IEnumerable<FieldError>> check)
    {
        var isShared = versions.Count > 0 && versions.All(version => JsonNode.DeepEquals(version[field], versions[0][field]));
        return isShared
            ? check(versions[0], true, 0)
            : versions.Index().SelectMany(version => check(version.Item, false, version.Index));
    }

    private static bool HasStatus(JsonObject version) => version.ObjectAt("subresources", "status") is not null;

    private static JsonObject? OldSchema(JsonObject? old, JsonObject version) => old.ObjectsAt("spec", "versions")
        .FirstOrDefault(candidate => candidate.StringAt("name") == version.StringAt("name")).ObjectAt("schema", "openAPIV3Schema");

    private static IEnumerable<FieldError> Deprecation(JsonObject version, string path)
    {
        if (version.StringAt("deprecationWarning") is not { } warning)
        {
            yield break;
        }

        var field = $"{path}.deprecationWarning";
        if (version.BooleanAt("deprecated") != true)
        {
            yield return FieldError.Invalid(field, warning, "can only be set for deprecated versions");
            yield break;
        }

        if (Encoding.UTF8.GetByteCount(warning) > LongestWarning)
        {
            yield return FieldError.Invalid(field, warning, $"must be <= {LongestWarning} characters long");
        }

        if (warning.Length == 0)
        {
            yield return FieldError.Invalid(field, warning, "must not be an empty string");
        }

        if (FirstUnprintable(warning) is { } index)
        {
            yield return FieldError.Invalid(
                field, warning, $"must only contain printable UTF-8 characters; non-printable character found at index {index}");
        }
    }

    /// <summary>In bytes, as Go counts.</summary>
    private static int? FirstUnprintable(string text)
    {
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!GoText.IsPrintable(rune))
            {
                return index;
            }

            index += rune.Utf8SequenceLength;
        }

        return null;
    }

    private static IEnumerable<FieldError> Scale(JsonObject? scale, string path) => scale is null
        ? []
        : RequiredPath(scale, path, "specReplicasPath", ".spec.")
            .Concat(RequiredPath(scale, path, "statusReplicasPath", ".status."))
            .Concat(scale.StringAt("labelSelectorPath") is { Length: > 0 } selector
                ? PathIn(selector, $"{path}.scale.labelSelectorPath", "should be a json path under either .spec or .status", ".spec.", ".status.")
                : []);

    private static IEnumerable<FieldError> RequiredPath(JsonObject scale, string path, string field, string prefix)
    {
        var place = $"{path}.scale.{field}";
        return scale.StringAt(field) is { Length: > 0 } value
            ? PathIn(value, place, $"should be a json path under {prefix.TrimEnd('.')}", prefix)
            : [FieldError.Required(place)];
    }

    private static IEnumerable<FieldError> PathIn(string value, string field, string message, params string[] prefixes)
    {
        if (value[0] != '.')
        {
            yield return FieldError.Invalid(field, value, "must be a simple json path starting with .");
        }
        else if (!prefixes.Any(prefix => value.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return FieldError.Invalid(field, value, message);
        }
    }

    private static IEnumerable<FieldError> Columns(JsonObject version, string path)
    {
        foreach (var (index, column) in version.ObjectsAt("additionalPrinterColumns").Index())
        {
            var field = $"{path}[{index}]";
            if (string.IsNullOrEmpty(column.StringAt("name")))
            {
                yield return FieldError.Required($"{field}.name");
            }

            var type = column.StringAt("type") ?? "";
            var types = $"must be one of {string.Join(',', ColumnTypes)}";
            if (type.Length == 0)
            {
                yield return FieldError.Required($"{field}.type", types);
            }
            else if (!ColumnTypes.Contains(type))
            {
                yield return FieldError.Invalid($"{field}.type", type, types);
            }

            if (column.StringAt("format") is { Length: > 0 } format && !ColumnFormats.Contains(format))
            {
                yield return FieldError.Invalid($"{field}.format", format, $"must be one of {string.Join(',', ColumnFormats)}");
            }

            if (column.StringAt("jsonPath") is not { Length: > 0 } jsonPath)
            {
                yield return FieldError.Required($"{field}.JSONPath");
            }
            else if (jsonPath[0] != '.')
            {
                yield return FieldError.Invalid($"{field}.JSONPath", jsonPath, "must be a simple json path starting with .");
            }
        }
    }

    private static IEnumerable<FieldError> SelectableFields(JsonObject version, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, selectable) in version.ObjectsAt("selectableFields").Index())
        {
            var field = $"{path}[{index}].jsonPath";
            var jsonPath = selectable.StringAt("jsonPath") ?? "";
            if (jsonPath.Length == 0)
            {
                yield return FieldError.Required(field);
                continue;
            }

            var (schema, fault) = Find(version.ObjectAt("schema", "openAPIV3Schema"), jsonPath);
            if (fault.Length > 0)
            {
                yield return FieldError.Invalid(field, jsonPath, $"is an invalid path: {fault}");
                continue;
            }

            if (jsonPath.StartsWith(".metadata", StringComparison.Ordinal))
            {
                yield return FieldError.Invalid(field, jsonPath, "must not point to fields in metadata");
            }

            if (schema.StringAt("type") is not ("string" or "boolean" or "integer"))
            {
                yield return FieldError.Invalid(
                    field, jsonPath, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.");
            }

            if (!seen.Add(jsonPath))
            {
                yield return FieldError.Duplicate(field, jsonPath);
            }
        }

        if (seen.Count > MaxSelectableFields)
        {
            yield return FieldError.TooMany(path, seen.Count, MaxSelectableFields);
        }
    }

    private static (JsonObject? Schema, string Fault) Find(JsonObject? schema, string path)
    {
        if (path[0] != '.')
        {
            return (null, $"expected [ or . but got: {path.Split('.', '[')[0]}");
        }

        if (path.Contains('[', StringComparison.Ordinal))
        {
            return (null, "array notation is not allowed");
        }

        foreach (var name in path[1..].Split('.'))
        {
            schema = schema.ObjectAt("properties", name);
            if (schema is null && name != "metadata" && !path.StartsWith(".metadata.", StringComparison.Ordinal))
            {
                return (null, "does not refer to a valid field");
            }
        }

        return (schema, "");
    }
}
