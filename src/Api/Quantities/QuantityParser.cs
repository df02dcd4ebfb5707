using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace MiniKube.Api.Quantities;

/// <summary>Reads <c>[+-]digits[.digits][suffix]</c>. Cost is linear in the text: no exponent makes a number grow beyond what fits.</summary>
internal static class QuantityParser
{
    private const string WrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private const string WrongNumber = "unable to parse numeric part of quantity";
    private const string WrongSuffix = "unable to parse quantity's suffix";

    // Digits kept before rounding: more than the greatest amount in nanos, divided by the greatest binary suffix, can hold.
    private const int DigitsKept = 60;

    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.");

    /// <summary>What is wrong; null when <paramref name="quantity"/> is good.</summary>
    public static string? Parse(ReadOnlySpan<char> text, out Quantity quantity)
    {
        quantity = default;
        var start = text is ['+' or '-', ..] ? 1 : 0;
        var numberLength = text[start..].IndexOfAnyExcept(NumberChars) is var end and >= 0 ? end : text.Length - start;
        var number = text.Slice(start, numberLength);
        var suffix = text[(start + numberLength)..];
        if (number.Length == 0 || !IsSuffixShape(suffix))
        {
            return WrongFormat;
        }

        var point = number.IndexOf('.');
        if (number.Length == 1 && point == 0 || number.Count('.') > 1)
        {
            return WrongNumber;
        }

        if (!TryParseSuffix(suffix, out var format, out var exponent, out var multiplier))
        {
            return WrongSuffix;
        }

        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? [] : number[(point + 1)..];
        var nanos = Scale(whole, fraction, exponent, multiplier);
        quantity = new Quantity(text[0] == '-' ? -nanos : nanos, format);
        return null;
    }

    private static bool IsSuffixShape(ReadOnlySpan<char> suffix)
    {
        var rest = suffix.TrimStart("eEinumkKMGTP");
        if (rest is ['+' or '-', ..])
        {
            rest = rest[1..];
        }

        return !rest.ContainsAnyExceptInRange('0', '9');
    }

    private static bool TryParseSuffix(ReadOnlySpan<char> suffix, out QuantityFormat format, out long exponent, out long multiplier)
    {
        (format, exponent, multiplier) = (QuantityFormat.DecimalSI, 0, 1);
        switch (suffix)
        {
            case "":
                return true;
            case [var prefix, 'i']:
                format = QuantityFormat.BinarySI;
                var power = "KMGTPE".IndexOf(prefix, StringComparison.Ordinal) + 1;
                multiplier = 1L << (10 * power);
                return power > 0;
            case [var prefix]:
                var index = "num kMGTPE".IndexOf(prefix, StringComparison.Ordinal);
                exponent = 3 * (index - 3);
                return index >= 0;
            case ['e' or 'E', ..]:
                format = QuantityFormat.DecimalExponent;
                return long.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent);
            default:
                return false;
        }
    }

    private static Int128 Scale(ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction, long exponent, long multiplier)
    {
        whole = whole.TrimStart('0');
        fraction = fraction.TrimEnd('0');
        var digits = string.Concat(whole, fraction);
        var significant = digits.AsSpan().TrimStart('0');
        if (significant.Length == 0)
        {
            return 0;
        }

        // The decimal point stands after this many of the significant digits.
        var point = significant.Length - fraction.Length + (Int128)exponent;
        if (point > 20)
        {
            return Quantity.Greatest;
        }

        if (point < -40)
        {
            return 1;
        }

        var kept = significant[..Math.Min(significant.Length, DigitsKept)];
        var value = BigInteger.Parse(kept, NumberStyles.None, CultureInfo.InvariantCulture) * multiplier;
        return RoundUp(value, (int)point - kept.Length + 9, significant.Length > kept.Length);
    }

    private static Int128 RoundUp(BigInteger value, int powerOfTen, bool hasMore)
    {
        var factor = BigInteger.Pow(10, Math.Abs(powerOfTen));
        if (powerOfTen >= 0)
        {
            value *= factor;
        }
        else
        {
            value = BigInteger.DivRem(value, factor, out var remainder);
            value += hasMore || !remainder.IsZero ? 1 : 0;
        }

        return value > (BigInteger)Quantity.Greatest ? Quantity.Greatest : (Int128)value;
    }
}
