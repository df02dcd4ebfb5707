using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Errors;

/// <summary>JSON values as Go's fmt prints the maps, slices and scalars that it decodes them to: for messages that upstream makes with <c>%v</c>, <c>%#v</c> and <c>%T</c>.</summary>
public static class GoFormat
{
    /// <summary>As <c>%v</c>: <c>map[a:1 b:[x y]]</c>.</summary>
    public static string Value(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => $"map[{string.Join(' ', map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{Value(entry.Value)}"))}]",
        JsonArray list => $"[{string.Join(' ', list.Select(Value))}]",
        _ when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>(),
        _ => Number(node),
    };

    /// <summary>As <c>%#v</c>: Go's own notation.</summary>
    public static string Syntax(JsonNode? node) => node switch
    {
        null => "interface {}(nil)",
        JsonObject map => $"map[string]interface {{}}{{{string.Join(", ", map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{GoText.Quote(entry.Key)}:{Syntax(entry.Value)}"))}}}",
        JsonArray list => $"[]interface {{}}{{{string.Join(", ", list.Select(Syntax))}}}",
        _ when node.GetValueKind() == JsonValueKind.String => GoText.Quote(node.GetValue<string>()),
        _ => Number(node),
    };

    /// <summary>As <c>%T</c>.</summary>
    public static string TypeOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "<nil>",
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        JsonValueKind.Number => IsInteger((JsonValue)node) ? "int64" : "float64",
        _ => "bool",
    };

    /// <summary>What encoding/json calls the value in its errors.</summary>
    public static string JsonType(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    private static bool IsInteger(JsonValue value) => value.TryGetValue<long>(out _) || value.TryGetValue<int>(out _);

    private static string Number(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ when node is JsonValue value && !IsInteger(value) && value.TryGetValue<double>(out var real) => GoFloat.Format(real),
        _ => node.ToJsonString(),
    };
}
