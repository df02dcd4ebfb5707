using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Schema.Structural;

/// <summary>What a schema demands of a value besides its type.</summary>
public sealed class SchemaRules
{
    private static readonly string[] Keywords =
    [
        "format", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf", "maxLength", "minLength", "pattern", "maxItems", "minItems",
        "uniqueItems", "maxProperties", "minProperties", "required", "enum", "allOf", "anyOf", "oneOf", "not",
    ];

    private SchemaRules(JsonObject schema)
    {
        Format = schema.StringAt("format") ?? "";
        Maximum = Number(schema["maximum"]);
        Minimum = Number(schema["minimum"]);
        IsMaximumExclusive = schema.BooleanAt("exclusiveMaximum") ?? false;
        IsMinimumExclusive = schema.BooleanAt("exclusiveMinimum") ?? false;
        MultipleOf = Number(schema["multipleOf"]);
        MaxLength = schema.IntegerAt("maxLength");
        MinLength = schema.IntegerAt("minLength");
        Pattern = schema.StringAt("pattern") is { Length: > 0 } pattern ? new SchemaPattern(pattern) : null;
        MaxItems = schema.IntegerAt("maxItems");
        MinItems = schema.IntegerAt("minItems");
        UniqueItems = schema.BooleanAt("uniqueItems") ?? false;
        MaxProperties = schema.IntegerAt("maxProperties");
        MinProperties = schema.IntegerAt("minProperties");
        Required = [.. Strings(schema["required"])];
        Enum = (schema["enum"] as JsonArray)?.Select(value => value?.DeepClone()).ToList() ?? [];
        AllOf = Schemas(schema["allOf"]);
        AnyOf = Schemas(schema["anyOf"]);
        OneOf = Schemas(schema["oneOf"]);
        Not = schema["not"] is JsonObject not ? StructuralSchema.Read(not) : null;
    }

    public string Format { get; }

    public double? Maximum { get; }

    public double? Minimum { get; }

    public bool IsMaximumExclusive { get; }

    public bool IsMinimumExclusive { get; }

    public double? MultipleOf { get; }

    public long? MaxLength { get; }

    public long? MinLength { get; }

    public SchemaPattern? Pattern { get; }

    public long? MaxItems { get; }

    public long? MinItems { get; }

    public bool UniqueItems { get; }

    public long? MaxProperties { get; }

    public long? MinProperties { get; }

    public IReadOnlyList<string> Required { get; }

    public IReadOnlyList<JsonNode?> Enum { get; }

    public IReadOnlyList<StructuralSchema> AllOf { get; }

    public IReadOnlyList<StructuralSchema> AnyOf { get; }

    public IReadOnlyList<StructuralSchema> OneOf { get; }

    public StructuralSchema? Not { get; }

    /// <summary>The rules in a schema; null when there are none.</summary>
    public static SchemaRules? Read(JsonObject schema) => Keywords.Any(schema.ContainsKey) ? new SchemaRules(schema) : null;

    internal static IEnumerable<string> Strings(JsonNode? list) => (list as JsonArray)?.Select(item => item.StringAt() ?? "") ?? [];

    internal static double? Number(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<long>(out var whole) ? whole
        : value.TryGetValue<int>(out var small) ? small
        : value.TryGetValue<double>(out var real) ? real
        : null;

    private static List<StructuralSchema> Schemas(JsonNode? list) =>
        [.. (list as JsonArray ?? []).OfType<JsonObject>().Select(StructuralSchema.Read)];
}
