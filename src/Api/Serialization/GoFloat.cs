using System.Globalization;

namespace MiniKube.Api.Serialization;

/// <summary>Numbers with decimals as Go's encoding/json writes them: the shortest text that reads back the same, an exponent only for the very large and small.</summary>
internal static class GoFloat
{
    public static string Format(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture).TrimStart('-').Split('E');
        var parts = shortest[0].Split('.');
        var digits = (parts[0] + (parts.Length > 1 ? parts[1] : "")).TrimStart('0');
        if (digits.Length == 0)
        {
            return "0";
        }

        // The value is 0.<digits> times ten to the power of point.
        var exponent = shortest.Length > 1 ? int.Parse(shortest[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0] == "0" ? digits.Length - parts[1].Length : parts[0].Length + exponent;
        digits = digits.TrimEnd('0');
        var sign = value < 0 ? "-" : "";
        return sign + (Math.Abs(value) is < 1e-6 or >= 1e21 ? Scientific(digits, point - 1) : Plain(digits, point));
    }

    private static string Plain(string digits, int point) =>
        point <= 0 ? $"0.{new string('0', -point)}{digits}"
        : point >= digits.Length ? digits.PadRight(point, '0')
        : $"{digits[..point]}.{digits[point..]}";

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : $"{digits[..1]}.{digits[1..]}";
        return exponent < 0 ? $"{mantissa}e-{-exponent}" : $"{mantissa}e+{exponent}";
    }
}
