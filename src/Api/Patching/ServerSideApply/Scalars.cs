using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Single values as structured-merge-diff compares, orders and prints them: 1 and 1.0 are equal, numbers stand before strings, these before booleans.</summary>
internal static class Scalars
{
    public static bool IsScalar(JsonNode? node) => node is JsonValue;

    public static int Compare(JsonNode? left, JsonNode? right)
    {
        var (leftRank, rightRank) = (Rank(left), Rank(right));
        return leftRank != rightRank ? leftRank.CompareTo(rightRank) : leftRank switch
        {
            0 => CompareNumbers((JsonValue)left!, (JsonValue)right!),
            1 => string.CompareOrdinal(Text(left), Text(right)),
            2 => (left!.GetValueKind() == JsonValueKind.True).CompareTo(right!.GetValueKind() == JsonValueKind.True),
            _ => 0,
        };
    }

    public static bool AreEqual(JsonNode? left, JsonNode? right) => Rank(left) <= 2 && Compare(left, right) == 0;

    /// <summary>As structured-merge-diff's value.ToString does.</summary>
    public static string Print(JsonNode? value) => value is null ? "null" : GoText.Value(value);

    private static int Rank(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Number => 0,
        JsonValueKind.String => 1,
        JsonValueKind.True or JsonValueKind.False => 2,
        JsonValueKind.Array => 3,
        JsonValueKind.Object => 4,
        _ => 5,
    };

    private static string? Text(JsonNode? node) => ((JsonValue)node!).GetValue<string>();

    private static int CompareNumbers(JsonValue left, JsonValue right) =>
        TryGetInteger(left, out var one) && TryGetInteger(right, out var other)
            ? one.CompareTo(other)
            : Real(left).CompareTo(Real(right));

    private static bool TryGetInteger(JsonValue value, out long number)
    {
        if (value.TryGetValue(out number))
        {
            return true;
        }

        var isSmall = value.TryGetValue<int>(out var small);
        number = small;
        return isSmall;
    }

    private static double Real(JsonValue value) =>
        value.TryGetValue<double>(out var real) ? real
        : TryGetInteger(value, out var number) ? number
        : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
