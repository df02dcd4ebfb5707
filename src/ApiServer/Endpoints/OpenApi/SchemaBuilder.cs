using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>Makes the schema of types as upstream's generator does, and remembers which other types they refer to.</summary>
internal sealed class SchemaBuilder(
    OpenApiFlavour flavour,
    TypeDescriptions descriptions,
    Func<ObjectType, IReadOnlyList<JsonObject>> kindsOf,
    Func<ObjectType, CustomSchema?> customOf)
{
    public OpenApiFlavour Flavour => flavour;

    private readonly Dictionary<string, ObjectType> _wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _special = new(StringComparer.Ordinal);

    /// <summary>A reference to a type; its definition comes with <see cref="Definitions"/>.</summary>
    public JsonObject Reference(ObjectType type)
    {
        var name = DefinitionNames.Of(type);
        _wanted.TryAdd(name, type);
        return Reference(name);
    }

    /// <summary>A reference to a definition that no type stands for, such as Patch.</summary>
    public JsonObject Reference(string name, JsonObject definition)
    {
        _special.TryAdd(name, definition);
        return Reference(name);
    }

    /// <summary>All definitions that were referred to, directly or by one another, in order of their names. Each is made when it is asked for.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> Definitions()
    {
        Close();
        return _wanted.Keys.Concat(_special.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => KeyValuePair.Create(name, _special.TryGetValue(name, out var special) ? special : Define(_wanted[name])));
    }

    // Until nothing new is referred to. Building a schema is what finds the references; the results are made again, one at a time, when they are written.
    private void Close()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (_wanted.Keys.Where(name => !done.Contains(name)).ToList() is { Count: > 0 } left)
        {
            foreach (var name in left)
            {
                done.Add(name);
                if (customOf(_wanted[name]) is not null)
                {
                    Define(_wanted[name]);
                }

                foreach (var field in _wanted[name].OrderedFields)
                {
                    Value(field.Type);
                }
            }
        }
    }

    private JsonObject Define(ObjectType type)
    {
        var kinds = kindsOf(type);
        if (customOf(type) is { } custom)
        {
            var definition = custom.Define(type, this);
            definition["x-kubernetes-group-version-kind"] = new JsonArray([.. kinds]);
            return definition;
        }

        var schema = new JsonObject();
        Describe(schema, descriptions.Of(type));
        if (type.OrderedFields.Count > 0)
        {
            schema["properties"] = new JsonObject(type.OrderedFields
                .OrderBy(field => field.Name, StringComparer.Ordinal)
                .Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Property(type, field))));
        }

        var required = type.OrderedFields.Where(IsRequired).Select(field => JsonValue.Create(field.Name)).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required]);
        }

        schema["type"] = "object";
        if (kinds.Count > 0)
        {
            schema["x-kubernetes-group-version-kind"] = new JsonArray([.. kinds]);
        }

        if (type.IsAtomic)
        {
            schema["x-kubernetes-map-type"] = "atomic";
        }

        return schema;
    }

    // As upstream's generator: what has no omitempty and is not marked optional.
    private static bool IsRequired(FieldType field) => field.Required || (field is { IsWrittenByTag: true, Optional: false });

    private JsonObject Property(ObjectType owner, FieldType field)
    {
        var value = Value(field.Type);
        var schema = new JsonObject();
        Describe(schema, field.Name switch
        {
            "kind" when owner.IsKind => Texts.Kind,
            "apiVersion" when owner.IsKind => Texts.ApiVersion,
            _ => descriptions.Of(owner, field) + PossibleValues(field.Type),
        });
        if (flavour == OpenApiFlavour.V3)
        {
            AddDefault(schema, field.Default ?? ImpliedDefault(field));
        }

        Join(schema, value);
        if (field.ListType is { } listType)
        {
            if (listType == ListType.Map)
            {
                schema["x-kubernetes-list-map-keys"] = Strings(field.ListMapKeys);
            }

            schema["x-kubernetes-list-type"] = listType.ToString().ToLowerInvariant();
        }

        if (field.IsAtomic)
        {
            schema["x-kubernetes-map-type"] = "atomic";
        }

        if (field.PatchMergeKey is { } mergeKey)
        {
            schema["x-kubernetes-patch-merge-key"] = mergeKey;
        }

        if (field.PatchStrategies.Count > 0)
        {
            schema["x-kubernetes-patch-strategy"] = string.Join(',', field.PatchStrategies);
        }

        return schema;
    }

    // A reference must stand alone in OpenAPI 3: beside other keywords it hides in allOf.
    public void Join(JsonObject schema, JsonObject value)
    {
        if (flavour == OpenApiFlavour.V3 && value.ContainsKey("$ref") && schema.Count > 0)
        {
            schema["allOf"] = new JsonArray(value);
            return;
        }

        foreach (var (keyword, content) in value.ToList())
        {
            value.Remove(keyword);
            schema[keyword] = content;
        }
    }

    private JsonObject Value(TypeRef type)
    {
        switch (type.Kind)
        {
            case ValueKind.String when EnumValues(type) is { Count: > 0 } values:
                return new JsonObject { ["enum"] = Strings(values), ["type"] = "string" };
            case ValueKind.String:
                return new JsonObject { ["type"] = "string" };
            case ValueKind.Boolean:
                return new JsonObject { ["type"] = "boolean" };
            case ValueKind.Integer:
                return new JsonObject { ["format"] = type.Bits == 32 ? "int32" : "int64", ["type"] = "integer" };
            case ValueKind.Float:
                return new JsonObject { ["format"] = "double", ["type"] = "number" };
            case ValueKind.Bytes:
                return new JsonObject { ["format"] = "byte", ["type"] = "string" };
            case ValueKind.List when type.Element is { } element:
                return new JsonObject { ["items"] = Element(element), ["type"] = "array" };
            case ValueKind.Map when type.Element is { } element:
                return new JsonObject { ["additionalProperties"] = Element(element), ["type"] = "object" };
            case ValueKind.Object when type.Object is { } fields:
                return Reference(fields);
            default:
                return DefinitionNames.Of(type) is { } name ? Reference(name, SpecialSchemas.Of(type, flavour)) : [];
        }
    }

    // Only OpenAPI 3 has them, as upstream publishes it.
    private IReadOnlyList<string> EnumValues(TypeRef type) => flavour == OpenApiFlavour.V3 ? EnumTypes.Of(type) : [];

    private string? PossibleValues(TypeRef type) => EnumValues(type) is { Count: > 0 } values
        ? "\n\nPossible enum values:" + string.Concat(values.Select(value => $"\n - `\"{value}\"`"))
        : null;

    private JsonObject Element(TypeRef element)
    {
        var schema = new JsonObject();
        if (flavour == OpenApiFlavour.V3)
        {
            AddDefault(schema, ZeroDefault(element));
        }

        Join(schema, Value(element));
        return schema;
    }

    private JsonObject Reference(string name) =>
        new() { ["$ref"] = (flavour == OpenApiFlavour.V3 ? "#/components/schemas/" : "#/definitions/") + name };

    // What Go writes though nobody set it.
    private static JsonNode? ImpliedDefault(FieldType field) =>
        !field.IsPointer && (field.IsWrittenByTag || field.Type.Kind == ValueKind.Object) ? ZeroDefault(field.Type) : null;

    private static JsonNode? ZeroDefault(TypeRef type) => type.Kind switch
    {
        ValueKind.Object => new JsonObject(),
        ValueKind.String => "",
        ValueKind.Boolean => false,
        ValueKind.Integer or ValueKind.Float => 0,
        _ => null,
    };

    private static void AddDefault(JsonObject schema, JsonNode? value)
    {
        if (value is not null)
        {
            schema["default"] = value.DeepClone();
        }
    }

    private static void Describe(JsonObject schema, string? description)
    {
        if (!string.IsNullOrEmpty(description))
        {
            schema["description"] = description;
        }
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
