using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Schema.Structural;

/// <summary>
/// The schema of a custom resource, or of a part of one, taken apart once: what pruning, defaults and validation walk along with the object. Inside allOf
/// and its like it holds nothing but rules. Immutable; texts such as descriptions are left behind.
/// </summary>
public sealed class StructuralSchema
{
    private static readonly IReadOnlyDictionary<string, StructuralSchema> None = new Dictionary<string, StructuralSchema>();

    private StructuralSchema(JsonObject schema)
    {
        Type = schema.StringAt("type") ?? "";
        IsNullable = schema.BooleanAt("nullable") ?? false;
        IsIntOrString = schema.BooleanAt("x-kubernetes-int-or-string") ?? false;
        PreservesUnknownFields = schema.BooleanAt("x-kubernetes-preserve-unknown-fields") ?? false;
        IsEmbeddedResource = schema.BooleanAt("x-kubernetes-embedded-resource") ?? false;
        IsAtomicMap = schema.StringAt("x-kubernetes-map-type") == "atomic";
        ListType = Enum.TryParse<ListType>(schema.StringAt("x-kubernetes-list-type"), ignoreCase: true, out var listType) ? listType : null;
        ListMapKeys = [.. SchemaRules.Strings(schema["x-kubernetes-list-map-keys"])];
        Default = schema["default"]?.DeepClone();
        Properties = ReadProperties(schema.ObjectAt("properties"));
        Items = schema["items"] is JsonObject items ? new StructuralSchema(items) : null;
        AdditionalProperties = schema["additionalProperties"] is JsonObject additional ? new StructuralSchema(additional) : null;
        AllowsAdditional = schema.BooleanAt("additionalProperties");
        Rules = SchemaRules.Read(schema);
        HasDefaults = Default is not null || Properties.Values.Append(Items).Append(AdditionalProperties).Any(child => child is { HasDefaults: true });
    }

    /// <summary>object, array, string, integer, number or boolean; empty where any type may stand.</summary>
    public string Type { get; }

    public bool IsNullable { get; }

    public bool IsIntOrString { get; }

    public bool PreservesUnknownFields { get; }

    /// <summary>Whether an object with apiVersion, kind and metadata of its own stands here.</summary>
    public bool IsEmbeddedResource { get; }

    /// <summary>Whether apply treats the object as one value.</summary>
    public bool IsAtomicMap { get; }

    public ListType? ListType { get; }

    public IReadOnlyList<string> ListMapKeys { get; }

    /// <summary>What stands for the value when it is absent; never changed, so copy it.</summary>
    public JsonNode? Default { get; }

    /// <summary>Whether there is a default here or anywhere below.</summary>
    public bool HasDefaults { get; }

    public IReadOnlyDictionary<string, StructuralSchema> Properties { get; }

    public StructuralSchema? Items { get; }

    /// <summary>Of the values of a map.</summary>
    public StructuralSchema? AdditionalProperties { get; }

    /// <summary>additionalProperties as a boolean; null when it is a schema or absent.</summary>
    public bool? AllowsAdditional { get; }

    /// <summary>What a value must be besides its type; null for nothing.</summary>
    public SchemaRules? Rules { get; }

    /// <param name="schema">As in a CustomResourceDefinition: <c>openAPIV3Schema</c> or a part of it.</param>
    public static StructuralSchema Read(JsonObject schema) => new(schema);

    /// <summary>The schema of a field; null for one that the schema does not name.</summary>
    public StructuralSchema? Find(string name) => Properties.GetValueOrDefault(name) ?? AdditionalProperties;

    private static IReadOnlyDictionary<string, StructuralSchema> ReadProperties(JsonObject? properties) => properties is not { Count: > 0 }
        ? None
        : properties.Where(property => property.Value is JsonObject)
            .ToDictionary(property => property.Key, property => new StructuralSchema((JsonObject)property.Value!), StringComparer.Ordinal);
}
