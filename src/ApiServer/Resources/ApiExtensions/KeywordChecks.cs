using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

/// <summary>Which keywords a schema may use, and how they go together (upstream's ValidateCustomResourceDefinitionOpenAPISchema).</summary>
internal sealed class KeywordChecks
{
    private const string ListTypeKeyword = "x-kubernetes-list-type";
    private const string ListMapKeys = "x-kubernetes-list-map-keys";
    private const string MapType = "x-kubernetes-map-type";

    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];
    private static readonly string[] Unsupported = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];
    private static readonly string[] MetaFields = ["metadata", "kind", "apiVersion"];

    private readonly List<FieldError> _errors = [];

    public static IReadOnlyList<FieldError> Validate(JsonObject schema, string path)
    {
        var checks = new KeywordChecks();
        checks.Visit(schema, path, new Place(IsRoot: true, InMetadata: false, NoDefaults: null));
        return checks._errors;
    }

    private void Visit(JsonObject schema, string path, Place place)
    {
        CheckKeywords(schema, path, place);
        CheckAdditionalProperties(schema, path, place);
        foreach (var (name, value) in schema.ObjectAt("properties") ?? [])
        {
            if (value is JsonObject property)
            {
                Visit(property, $"{path}.properties[{name}]", Inner(schema, name, place));
            }
        }

        var inner = place with { IsRoot = false };
        if (schema["not"] is JsonObject not)
        {
            Visit(not, $"{path}.not", inner);
        }

        foreach (var junctor in (string[])["allOf", "oneOf", "anyOf"])
        {
            foreach (var (index, part) in schema.ObjectsAt(junctor).Index())
            {
                Visit(part, $"{path}.{junctor}[{index}]", inner);
            }
        }

        if (schema["items"] is JsonObject items)
        {
            Visit(items, $"{path}.items", inner);
        }

        CheckExtensions(schema, path);
    }

    // Inside of metadata nothing may be set: upstream's own types are there.
    private static Place Inner(JsonObject schema, string name, Place place)
    {
        var isResource = place.IsRoot || schema.BooleanAt("x-kubernetes-embedded-resource") == true;
        return isResource && MetaFields.Contains(name)
            ? new Place(false, true, place.IsRoot ? $"in top-level {name}" : place.NoDefaults)
            : place with { IsRoot = false };
    }

    private void CheckKeywords(JsonObject schema, string path, Place place)
    {
        if (schema.StringAt("type") is { Length: > 0 } type && !Types.Contains(type))
        {
            _errors.Add(FieldError.NotSupported($"{path}.type", type, Types));
            if (type == "null")
            {
                Forbidden($"{path}.type", "type cannot be set to null, use nullable as an alternative");
            }
        }

        if (schema["default"] is not null && place.NoDefaults is { } reason)
        {
            Forbidden($"{path}.default", $"must not be set {reason}");
        }

        foreach (var keyword in Unsupported.Where(keyword => schema[keyword] is { } value && value is not JsonObject { Count: 0 }))
        {
            Forbidden($"{path}.{keyword}", $"{keyword} is not supported");
        }

        if (schema["items"] is JsonArray)
        {
            Forbidden($"{path}.items", "items must be a schema object and not an array");
        }

        if (place.InMetadata && schema.BooleanAt("x-kubernetes-embedded-resource") == true)
        {
            Forbidden($"{path}.x-kubernetes-embedded-resource", "must not be used inside of resource meta");
        }

        if (schema.BooleanAt("uniqueItems") == true)
        {
            Forbidden($"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }

        // Rules come with a later release: a schema whose rules are not kept must not look as if they were.
        if (schema["x-kubernetes-validations"] is JsonArray { Count: > 0 })
        {
            Forbidden($"{path}.x-kubernetes-validations", "validation rules (CEL) are not supported by this server");
        }
    }

    private void CheckAdditionalProperties(JsonObject schema, string path, Place place)
    {
        if (schema["additionalProperties"] is not { } additional)
        {
            return;
        }

        if (schema.ObjectAt("properties") is { Count: > 0 } && additional.BooleanAt() != true)
        {
            Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive");
        }

        if (additional is JsonObject values)
        {
            Visit(values, $"{path}.additionalProperties", place with
            {
                IsRoot = false,
                NoDefaults = place.InMetadata ? "inside additionalProperties applying to object metadata" : place.NoDefaults,
            });
        }
    }

    private void CheckExtensions(JsonObject schema, string path)
    {
        if (schema.BooleanAt("x-kubernetes-preserve-unknown-fields") == false)
        {
            _errors.Add(FieldError.Invalid($"{path}.x-kubernetes-preserve-unknown-fields", false, "must be true or undefined"));
        }

        if (schema.StringAt(MapType) is { } mapType)
        {
            CheckTypeFor(schema, path, MapType, "object");
            if (mapType is not ("atomic" or "granular"))
            {
                _errors.Add(FieldError.NotSupported($"{path}.{MapType}", mapType, "atomic", "granular"));
            }
        }

        var listType = schema.StringAt(ListTypeKeyword);
        if (listType is not null)
        {
            if (!CheckTypeFor(schema, path, ListTypeKeyword, "array") && listType == "set")
            {
                CheckSetItems(schema.ObjectAt("items"), path);
            }

            if (listType is not ("atomic" or "set" or "map"))
            {
                _errors.Add(FieldError.NotSupported($"{path}.{ListTypeKeyword}", listType, "atomic", "set", "map"));
            }
        }

        var keys = (schema[ListMapKeys] as JsonArray)?.Select(key => key.StringAt() ?? "").ToList() ?? [];
        if (keys.Count > 0 && listType != "map")
        {
            const string message = $"must be map if {ListMapKeys} is non-empty";
            _errors.Add(listType is null
                ? FieldError.Required($"{path}.{ListTypeKeyword}", message)
                : FieldError.Invalid($"{path}.{ListTypeKeyword}", listType, message));
        }

        if (listType == "map")
        {
            CheckMap(schema, keys, path);
        }

        if (listType is "set" or "map" && schema.ObjectAt("items").BooleanAt("nullable") == true)
        {
            Forbidden($"{path}.items.nullable", $"cannot be nullable when {ListTypeKeyword} is {listType}");
        }
    }

    private bool CheckTypeFor(JsonObject schema, string path, string keyword, string wanted)
    {
        var type = schema.StringAt("type") ?? "";
        if (type == wanted)
        {
            return false;
        }

        var message = $"must be {wanted} if {keyword} is specified";
        _errors.Add(type.Length == 0 ? FieldError.Required($"{path}.type", message) : FieldError.Invalid($"{path}.type", type, message));
        return true;
    }

    private void CheckSetItems(JsonObject? items, string path)
    {
        const string message = $"must be atomic as item of a list with {ListTypeKeyword}=set";
        switch (items.StringAt("type"))
        {
            case "array" when items.StringAt(ListTypeKeyword) is { } inner and not "atomic":
                _errors.Add(FieldError.Invalid($"{path}.items.{ListTypeKeyword}", inner, message));
                break;
            case "object" when items.StringAt(MapType) != "atomic":
                _errors.Add(FieldError.Invalid($"{path}.items.{MapType}", items.StringAt(ListTypeKeyword), message));
                break;
        }
    }

    private void CheckMap(JsonObject schema, List<string> keys, string path)
    {
        if (keys.Count == 0)
        {
            _errors.Add(FieldError.Required($"{path}.{ListMapKeys}", $"must not be empty if {ListTypeKeyword} is map"));
        }

        if (schema["items"] is not { } any)
        {
            _errors.Add(FieldError.Required($"{path}.items", $"must have a schema if {ListTypeKeyword} is map"));
            return;
        }

        if (any is not JsonObject items)
        {
            _errors.Add(FieldError.Invalid($"{path}.items", any, $"must only have a single schema if {ListTypeKeyword} is map"));
            return;
        }

        if (items.StringAt("type") is var type and not "object")
        {
            _errors.Add(FieldError.Invalid($"{path}.items.type", type ?? "", $"must be object if parent array's {ListTypeKeyword} is map"));
            return;
        }

        CheckKeys(items, keys, path);
    }

    private void CheckKeys(JsonObject items, List<string> keys, string path)
    {
        var required = (items["required"] as JsonArray)?.Select(name => name.StringAt()).ToHashSet() ?? [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var shown = new JsonArray([.. keys.Select(key => JsonValue.Create(key))]);
        foreach (var key in keys)
        {
            var place = $"{path}.items.properties[{key}]";
            var property = items.ObjectAt("properties", key);
            if (property is null)
            {
                _errors.Add(FieldError.Invalid($"{path}.{ListMapKeys}", shown, "entries must all be names of item properties"));
            }
            else if (property.StringAt("type") is "array" or "object")
            {
                _errors.Add(FieldError.Invalid($"{place}.type", "object", $"must be a scalar type if parent array's {ListTypeKeyword} is map"));
            }

            if (!seen.Add(key))
            {
                _errors.Add(FieldError.Invalid($"{path}.{ListMapKeys}", shown, "must not contain duplicate entries"));
            }

            if (property is not null && !required.Contains(key) && property["default"] is null)
            {
                _errors.Add(FieldError.Required(
                    $"{place}.default", $"this property is in {ListMapKeys}, so it must have a default or be a required property"));
            }

            if (property.BooleanAt("nullable") == true)
            {
                Forbidden($"{place}.nullable", $"this property is in {ListMapKeys}, so it cannot be nullable");
            }
        }
    }

    private void Forbidden(string path, string message) => _errors.Add(FieldError.Forbidden(path, message));

    /// <summary>Where in the schema of a resource a schema stands.</summary>
    private readonly record struct Place(bool IsRoot, bool InMetadata, string? NoDefaults);
}
