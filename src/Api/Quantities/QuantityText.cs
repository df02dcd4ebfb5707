using System.Globalization;

namespace MiniKube.Api.Quantities;

/// <summary>The canonical text of a quantity, as upstream's CanonicalizeBytes writes it.</summary>
internal static class QuantityText
{
    private const string DecimalSuffixes = "num kMGTPE";
    private const string BinarySuffixes = " KMGTPE";

    public static string Format(Quantity quantity)
    {
        if (quantity.IsZero)
        {
            return "0";
        }

        return quantity.Format switch
        {
            // Small amounts and fractions are clearer in powers of ten, and exact.
            QuantityFormat.BinarySI when IsWholeAndLarge(quantity.Nanos) => Binary(quantity.Nanos / Quantity.NanosPerUnit),
            QuantityFormat.DecimalExponent => Decimal(quantity.Nanos, ExponentSuffix),
            _ => Decimal(quantity.Nanos, Suffix),
        };
    }

    private static bool IsWholeAndLarge(Int128 nanos) =>
        Int128.Abs(nanos) >= 1024 * Quantity.NanosPerUnit && nanos % Quantity.NanosPerUnit == 0;

    private static string Decimal(Int128 mantissa, Func<int, string> suffix)
    {
        var exponent = -9;
        while (mantissa % 1000 == 0)
        {
            mantissa /= 1000;
            exponent += 3;
        }

        return mantissa.ToString(CultureInfo.InvariantCulture) + suffix(exponent);
    }

    private static string Suffix(int exponent) => exponent == 0 ? "" : DecimalSuffixes[(exponent + 9) / 3].ToString();

    private static string ExponentSuffix(int exponent) =>
        exponent == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"e{exponent}");

    private static string Binary(Int128 value)
    {
        var power = 0;
        while (value % 1024 == 0)
        {
            value /= 1024;
            power++;
        }

        var number = value.ToString(CultureInfo.InvariantCulture);
        return power == 0 ? number : $"{number}{BinarySuffixes[power]}i";
    }
}
