using System.Text.Json.Nodes;

using MiniKube.Api.Schema;
using MiniKube.ApiServer.CustomResources;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>
/// What the documents say of a custom resource: its schema as it was written, with what every object has. OpenAPI 2 leaves out what it cannot say, and what
/// older clients stumble over. Read when a document is made, then let go.
/// </summary>
internal sealed class CustomSchema
{
    // What OpenAPI 2 has no words for.
    private static readonly string[] OnlyV3 = ["allOf", "anyOf", "oneOf", "not", "default", "nullable", "x-kubernetes-validations"];

    private readonly CustomResourceStrategy _strategy;

    public CustomSchema(CustomResourceStrategy strategy)
    {
        _strategy = strategy;
        var package = $"{strategy.Kind.Group}/{strategy.Kind.Version}";
        Type = new ObjectType(package, strategy.Kind.Kind, []);
        ListType = new ObjectType(package, strategy.ListKind, []);
    }

    /// <summary>Stands for the kind in references; it has no fields.</summary>
    public ObjectType Type { get; }

    /// <summary>The same for its lists.</summary>
    public ObjectType ListType { get; }

    public IEnumerable<ObjectType> Types => [Type, ListType];

    /// <summary>Changes when the document does.</summary>
    public string Hash => _strategy.Definition.Hash;

    public JsonObject Define(ObjectType type, SchemaBuilder schemas) => type == Type ? DefineObject(schemas) : DefineList(schemas);

    private JsonObject DefineObject(SchemaBuilder schemas)
    {
        var schema = _strategy.SchemaText;
        Publish(schema, schemas, isResource: true);
        if (_strategy.SelectableFields.Count > 0)
        {
            schema["x-kubernetes-selectable-fields"] = new JsonArray([.. _strategy.SelectableFields.Keys.Select(path => new JsonObject { ["fieldPath"] = path })]);
        }

        return schema;
    }

    private JsonObject DefineList(SchemaBuilder schemas) => new()
    {
        ["description"] = $"{_strategy.ListKind} is a list of {_strategy.Kind.Kind}",
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = Described(Texts.ApiVersion),
            ["items"] = new JsonObject { ["description"] = Texts.Items(_strategy.Plural), ["items"] = schemas.Reference(Type), ["type"] = "array" },
            ["kind"] = Described(Texts.Kind),
            ["metadata"] = Reference(schemas, Texts.ListMetadata, "ListMeta"),
        },
        ["required"] = new JsonArray("items"),
        ["type"] = "object",
    };

    private static void Publish(JsonObject schema, SchemaBuilder schemas, bool isResource)
    {
        var isV2 = schemas.Flavour == OpenApiFlavour.V2;
        if (isV2)
        {
            Simplify(schema);
        }

        if (schema["properties"] is JsonObject properties)
        {
            foreach (var (_, property) in properties)
            {
                Publish(property as JsonObject ?? [], schemas, isResource: false);
            }
        }

        foreach (var part in (string[])["items", "additionalProperties"])
        {
            if (schema[part] is JsonObject inner)
            {
                Publish(inner, schemas, isResource: false);
            }
        }

        // kubectl of old would refuse fields of an object that names some of those that it may have.
        var mayNameFields = !isV2 || schema["x-kubernetes-preserve-unknown-fields"] is null;
        if ((isResource || schema["x-kubernetes-embedded-resource"] is not null) && mayNameFields)
        {
            AddResourceFields(schema, schemas);
        }
    }

    private static void AddResourceFields(JsonObject schema, SchemaBuilder schemas)
    {
        if (schema["properties"] is not JsonObject properties)
        {
            schema["properties"] = properties = [];
        }

        properties["apiVersion"] = Described(Texts.ApiVersion);
        properties["kind"] = Described(Texts.Kind);
        properties["metadata"] = Reference(schemas, Texts.Metadata, "ObjectMeta");
    }

    // As upstream's ToStructuralOpenAPIV2: better to say too little than what an old client reads wrongly.
    private static void Simplify(JsonObject schema)
    {
        if (schema["nullable"] is not null)
        {
            Remove(schema, "type", "items", "properties", "additionalProperties");
        }

        if (schema["x-kubernetes-preserve-unknown-fields"] is not null)
        {
            Remove(schema, "items", "properties");
        }

        if (schema["additionalProperties"] is JsonValue)
        {
            schema.Remove("additionalProperties");
        }

        Remove(schema, OnlyV3);
    }

    private static void Remove(JsonObject schema, params ReadOnlySpan<string> keywords)
    {
        foreach (var keyword in keywords)
        {
            schema.Remove(keyword);
        }
    }

    private static JsonObject Described(string description) => new() { ["description"] = description, ["type"] = "string" };

    private static JsonObject Reference(SchemaBuilder schemas, string description, string metaType)
    {
        var schema = new JsonObject { ["description"] = description };
        schemas.Join(schema, schemas.Reference(TypeGraph.BuiltIn.Find("meta/v1", metaType) ?? throw new InvalidOperationException($"There is no {metaType}.")));
        return schema;
    }
}
