using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization;

/// <summary>What Go holds to be empty, and what it writes for a value that nobody set.</summary>
internal static class Emptiness
{
    /// <summary>Whether <c>omitempty</c> leaves the value out.</summary>
    public static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject obj => obj.Count == 0,
        JsonArray array => array.Count == 0,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.False or JsonValueKind.Null => true,
            JsonValueKind.String => scalar.TryGetValue<string>(out var text) && text.Length == 0,
            JsonValueKind.Number => IsZero(scalar),
            _ => false,
        },
        _ => false,
    };

    /// <summary>The zero value of a type in JSON; a null reference stands for JSON's null.</summary>
    public static JsonNode? Zero(TypeRef type) => type.Kind switch
    {
        ValueKind.String => JsonValue.Create(""),
        ValueKind.Boolean or ValueKind.SchemaOrBool => JsonValue.Create(false),
        ValueKind.Integer or ValueKind.IntOrString or ValueKind.Float => JsonValue.Create(0L),
        ValueKind.Object => new JsonObject(),
        ValueKind.Quantity => JsonValue.Create("0"),
        ValueKind.Duration => JsonValue.Create("0s"),
        _ => null,
    };

    private static bool IsZero(JsonValue value) =>
        value.TryGetValue<long>(out var number) ? number == 0
        : value.TryGetValue<int>(out var small) ? small == 0
        : value.TryGetValue<double>(out var real) && real == 0;
}
