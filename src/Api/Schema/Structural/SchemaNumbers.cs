using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Schema.Structural;

/// <summary>What schemas say of numbers.</summary>
internal static class SchemaNumbers
{
    public static bool IsInteger(JsonNode value) => value is JsonValue number && (number.TryGetValue<long>(out _) || number.TryGetValue<int>(out _));

    /// <summary>Whether two values are the same in JSON: 1 is 1.0.</summary>
    public static bool AreEqual(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right)
        || (left?.GetValueKind() == JsonValueKind.Number && right?.GetValueKind() == JsonValueKind.Number
            && SchemaRules.Number(left) is { } a && SchemaRules.Number(right) is { } b && a.Equals(b));

    public static IEnumerable<FieldError> Check(JsonNode value, StructuralSchema schema, SchemaRules rules, string path, string field)
    {
        if (SchemaRules.Number(value) is not { } number)
        {
            yield break;
        }

        if (rules.Format is "int32" or "int64" && schema.Type == "integer" && !Fits(value, number, rules.Format))
        {
            yield return FieldError.Invalid("<nil>", "", $"Checked value must be of type integer with format {rules.Format} in {path}");
        }

        if (rules.MultipleOf is { } step and > 0 && !double.IsInteger(number / step))
        {
            yield return FieldError.Invalid(field, Show(value), $"{path} in body should be a multiple of {Show(step)}");
        }

        if (rules.Maximum is { } most && (number > most || (rules.IsMaximumExclusive && number >= most)))
        {
            yield return FieldError.Invalid(field, Show(value), $"{path} in body should be less than {(rules.IsMaximumExclusive ? "" : "or equal to ")}{Show(most)}");
        }

        if (rules.Minimum is { } least && (number < least || (rules.IsMinimumExclusive && number <= least)))
        {
            yield return FieldError.Invalid(field, Show(value), $"{path} in body should be greater than {(rules.IsMinimumExclusive ? "" : "or equal to ")}{Show(least)}");
        }
    }

    private static bool Fits(JsonNode value, double number, string format) => format == "int64"
        ? IsInteger(value) || Math.Abs(number) < 9.2e18
        : number is >= int.MinValue and <= int.MaxValue;

    private static object Show(JsonNode value) => value.IntegerAt() is { } whole ? whole : SchemaRules.Number(value) ?? 0;

    // Go's %v of a float64.
    private static string Show(double number) => double.IsInteger(number) && Math.Abs(number) < 1e21
        ? number.ToString(Math.Abs(number) < 1e6 ? "0" : "0.################e+00", CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);
}
