using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Schema.Structural;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

/// <summary>Whether a schema is structural: every field has its type outside of allOf and its like (upstream's ValidateStructural).</summary>
internal sealed class StructureChecks
{
    private const string PreserveUnknown = "x-kubernetes-preserve-unknown-fields";
    private const string Embedded = "x-kubernetes-embedded-resource";
    private const string IntOrString = "x-kubernetes-int-or-string";

    private static readonly string[] Junctors = ["anyOf", "allOf", "oneOf"];
    private static readonly JsonArray IntOrStringPattern = [new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }];

    // What belongs to the structure, and what is said when it stands inside a junctor. As upstream, in the order of its checks.
    private static readonly (string Keyword, string Message)[] ForbiddenInside =
    [
        ("type", "must be empty to be structural"), ("additionalProperties", "must be undefined to be structural"),
        ("default", "must be undefined to be structural"), ("title", "must be empty to be structural"), ("description", "must be empty to be structural"),
        ("nullable", "must be false to be structural"), ("externalDocs", "must be undefined to be structural"), (PreserveUnknown, "must be false to be structural"),
        (Embedded, "must be false to be structural"), (IntOrString, "must be false to be structural"),
        ("x-kubernetes-list-map-keys", "must be empty to be structural"), ("x-kubernetes-list-type", "must be undefined to be structural"),
        ("x-kubernetes-map-type", "must be undefined to be structural"),
    ];

    private readonly List<FieldError> _errors = [];

    private enum Level
    {
        Root,
        Item,
        Field,
    }

    /// <summary>Every fault, sorted as upstream sorts them.</summary>
    public static IReadOnlyList<FieldError> Validate(JsonObject schema, string path)
    {
        var checks = new StructureChecks();
        checks.Visit(schema, Level.Root, path);
        return [.. checks._errors.OrderBy(error => error.ToString(), StringComparer.Ordinal)];
    }

    private void Visit(JsonObject schema, Level level, string path)
    {
        var type = schema.StringAt("type") ?? "";
        if (type == "array" && schema["items"] is null)
        {
            Required($"{path}.items", "must be specified");
        }

        if (schema["items"] is JsonObject items)
        {
            Visit(items, Level.Item, $"{path}.items");
        }

        foreach (var (name, property) in Properties(schema))
        {
            Visit(property, Level.Field, $"{path}.properties[{name}]");
        }

        if (schema["additionalProperties"] is { } additional)
        {
            if (level == Level.Root)
            {
                Forbidden($"{path}.additionalProperties", "must not be used at the root");
            }

            if (additional is JsonObject values)
            {
                Visit(values, Level.Field, $"{path}.additionalProperties");
            }
        }

        CheckExtensions(schema, path);
        CheckJunctors(schema, path, JsonNode.DeepEquals(schema["anyOf"], IntOrStringPattern), HasPatternInAllOf(schema));
        CheckType(schema, type, level, path);
        CheckMetadata(schema, level, path);
        CheckComplete(schema, schema, path, path);
    }

    private void CheckExtensions(JsonObject schema, string path)
    {
        if (!Is(schema, IntOrString))
        {
            return;
        }

        foreach (var other in (string[])[PreserveUnknown, Embedded])
        {
            if (Is(schema, other))
            {
                _errors.Add(FieldError.Invalid($"{path}.{other}", true, $"must be false if {IntOrString} is true"));
            }
        }
    }

    private void CheckType(JsonObject schema, string type, Level level, string path)
    {
        var isEmbedded = Is(schema, Embedded);
        if (isEmbedded && type != "object")
        {
            const string message = $"must be object if {Embedded} is true";
            _errors.Add(type.Length == 0 ? FieldError.Required($"{path}.type", message) : FieldError.Invalid($"{path}.type", type, message));
        }
        else if (type.Length == 0 && !Is(schema, IntOrString) && !Is(schema, PreserveUnknown))
        {
            Required($"{path}.type", level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            });
        }

        if (isEmbedded && schema["additionalProperties"] is not null)
        {
            Forbidden($"{path}.additionalProperties", $"must not be used if {Embedded} is set");
        }

        if (level == Level.Root && type.Length > 0 && type != "object")
        {
            _errors.Add(FieldError.Invalid($"{path}.type", type, "must be object at the root"));
        }

        if (isEmbedded && !Is(schema, PreserveUnknown) && schema.ObjectAt("properties") is not { Count: > 0 })
        {
            Required($"{path}.properties", $"must not be empty if {Embedded} is true without {PreserveUnknown}");
        }
    }

    private void CheckMetadata(JsonObject schema, Level level, string path)
    {
        var isResource = level == Level.Root || Is(schema, Embedded);
        foreach (var name in (string[])["kind", "apiVersion"])
        {
            if (isResource && schema.ObjectAt("properties", name) is { } field && field.StringAt("type") != "string")
            {
                _errors.Add(FieldError.Invalid($"{path}.properties[{name}].type", field.StringAt("type") ?? "", "must be string"));
            }
        }

        if (schema.ObjectAt("properties", "metadata") is not { } metadata)
        {
            return;
        }

        var place = $"{path}.properties[metadata]";
        if (isResource && metadata.StringAt("type") != "object")
        {
            _errors.Add(FieldError.Invalid($"{place}.type", metadata.StringAt("type") ?? "", "must be object"));
        }

        if (level == Level.Root && !NamesOnlyNames(metadata))
        {
            Forbidden(place, "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    private static bool NamesOnlyNames(JsonObject metadata) =>
        metadata.All(keyword => keyword.Key is "type" or "default" or "properties")
        && (metadata.ObjectAt("properties") ?? []).All(property => property.Key is "name" or "generateName");

    private void CheckJunctors(JsonObject schema, string path, bool skipAnyOf, bool skipAnyOfInAllOf)
    {
        foreach (var junctor in Junctors)
        {
            if (junctor == "anyOf" && skipAnyOf)
            {
                continue;
            }

            foreach (var (index, part) in schema.ObjectsAt(junctor).Index())
            {
                VisitInside(part, $"{path}.{junctor}[{index}]", junctor == "allOf" && index == 0 && skipAnyOfInAllOf);
            }
        }

        if (schema["not"] is JsonObject not)
        {
            VisitInside(not, $"{path}.not", skipAnyOf: false);
        }

        if (schema.StringAt("pattern") is { Length: > 0 } pattern && SchemaPattern.Check(pattern) is { } fault)
        {
            _errors.Add(FieldError.Invalid($"{path}.pattern", pattern, $"must be a valid regular expression, but isn't: {fault}"));
        }
    }

    private void VisitInside(JsonObject schema, string path, bool skipAnyOf)
    {
        CheckJunctors(schema, path, skipAnyOf, skipAnyOfInAllOf: false);
        if (schema["items"] is JsonObject items)
        {
            VisitInside(items, $"{path}.items", skipAnyOf: false);
        }

        foreach (var (name, property) in Properties(schema))
        {
            VisitInside(property, $"{path}.properties[{name}]", skipAnyOf: false);
        }

        foreach (var (keyword, message) in ForbiddenInside)
        {
            if (schema[keyword] is { } value && !(value is JsonValue && value.BooleanAt() == false) && value is not JsonArray { Count: 0 } && value.StringAt() != "")
            {
                Forbidden($"{path}.{keyword}", message);
            }
        }

        if (schema.ObjectAt("properties", "metadata") is not null)
        {
            Forbidden($"{path}.properties[metadata]", "must not be specified in a nested context");
        }
    }

    // What a junctor speaks of must be there outside of it.
    private void CheckComplete(JsonObject inside, JsonObject structure, string structurePath, string path)
    {
        foreach (var junctor in Junctors)
        {
            foreach (var (index, part) in inside.ObjectsAt(junctor).Index())
            {
                CheckInside(part, structure, structurePath, $"{path}.{junctor}[{index}]");
            }
        }

        if (inside["not"] is JsonObject not)
        {
            CheckInside(not, structure, structurePath, $"{path}.not");
        }
    }

    private void CheckInside(JsonObject inside, JsonObject structure, string structurePath, string path)
    {
        CheckComplete(inside, structure, structurePath, path);
        if (inside["items"] is JsonObject items)
        {
            CheckPart(items, structure["items"], $"{structurePath}.items", $"{path}.items");
        }

        foreach (var (name, property) in Properties(inside))
        {
            CheckPart(property, structure.ObjectAt("properties", name), $"{structurePath}.properties[{name}]", $"{path}.properties[{name}]");
        }
    }

    private void CheckPart(JsonObject inside, JsonNode? structure, string structurePath, string path)
    {
        if (structure is JsonObject known)
        {
            CheckInside(inside, known, structurePath, path);
        }
        else
        {
            Required(structurePath, $"because it is defined in {path}");
        }
    }

    private static bool HasPatternInAllOf(JsonObject schema) => JsonNode.DeepEquals(schema.ObjectsAt("allOf").FirstOrDefault()?["anyOf"], IntOrStringPattern);

    private static IEnumerable<(string Name, JsonObject Schema)> Properties(JsonObject schema) =>
        from property in schema.ObjectAt("properties") ?? []
        where property.Value is JsonObject
        select (property.Key, (JsonObject)property.Value);

    private static bool Is(JsonObject schema, string extension) => schema.BooleanAt(extension) == true;

    private void Required(string path, string message) => _errors.Add(FieldError.Required(path, message));

    private void Forbidden(string path, string message) => _errors.Add(FieldError.Forbidden(path, message));
}
