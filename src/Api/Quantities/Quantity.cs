using System.Diagnostics.CodeAnalysis;

using k8s.Models;

namespace MiniKube.Api.Quantities;

/// <summary>
/// An exact amount of a resource, as upstream's resource.Quantity: whole numbers of nano units, at most 2^63-1 in magnitude; what is finer is
/// rounded away from zero, what is greater is capped, both as upstream documents. Equal when the amounts are, however they were written.
/// </summary>
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    internal static readonly Int128 NanosPerUnit = 1_000_000_000;

    internal static readonly Int128 Greatest = long.MaxValue * NanosPerUnit;

    internal Quantity(Int128 nanos, QuantityFormat format)
    {
        Nanos = nanos;
        Format = format;
    }

    public static Quantity Zero => default;

    public QuantityFormat Format { get; }

    /// <summary>In whole units, rounded away from zero.</summary>
    public long Value => RoundAway(Nanos, NanosPerUnit);

    /// <summary>In thousandths, rounded away from zero; capped at the greatest long.</summary>
    public long MilliValue => RoundAway(Nanos, NanosPerUnit / 1000);

    public bool IsZero => Nanos == 0;

    public bool IsNegative => Nanos < 0;

    internal Int128 Nanos { get; }

    public static Quantity FromValue(long value, QuantityFormat format = QuantityFormat.DecimalSI) => new(value * NanosPerUnit, format);

    public static Quantity FromMilliValue(long value, QuantityFormat format = QuantityFormat.DecimalSI) =>
        new(value * (NanosPerUnit / 1000), format);

    /// <summary>An absent quantity is zero.</summary>
    /// <exception cref="FormatException">The text is no quantity.</exception>
    public static Quantity From(ResourceQuantity? quantity) => quantity?.ToString() is { Length: > 0 } text ? Parse(text) : Zero;

    /// <exception cref="FormatException">With upstream's text.</exception>
    public static Quantity Parse(string text) =>
        QuantityParser.Parse(text, out var quantity) is { } error ? throw new FormatException(error) : quantity;

    public static bool TryParse([NotNullWhen(true)] string? text, out Quantity quantity)
    {
        quantity = default;
        return text is not null && QuantityParser.Parse(text, out quantity) is null;
    }

    /// <summary>What is wrong with a text, as upstream says it; null when it is a quantity.</summary>
    public static string? Check(string text) => QuantityParser.Parse(text, out _);

    public static Quantity operator +(Quantity left, Quantity right) =>
        new(Cap(left.Nanos + right.Nanos), left.IsZero ? right.Format : left.Format);

    public static Quantity operator -(Quantity left, Quantity right) =>
        new(Cap(left.Nanos - right.Nanos), left.IsZero ? right.Format : left.Format);

    public static bool operator ==(Quantity left, Quantity right) => left.Equals(right);

    public static bool operator !=(Quantity left, Quantity right) => !left.Equals(right);

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;

    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;

    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;

    public static Quantity Add(Quantity left, Quantity right) => left + right;

    public static Quantity Subtract(Quantity left, Quantity right) => left - right;

    public int CompareTo(Quantity other) => Nanos.CompareTo(other.Nanos);

    public bool Equals(Quantity other) => Nanos == other.Nanos;

    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public override int GetHashCode() => Nanos.GetHashCode();

    public double ToDouble() => (double)Nanos / 1e9;

    /// <summary>The canonical text: no fraction, the largest suffix that loses nothing.</summary>
    public override string ToString() => QuantityText.Format(this);

    internal static Int128 Cap(Int128 nanos) => Int128.Clamp(nanos, -Greatest, Greatest);

    private static long RoundAway(Int128 nanos, Int128 unit)
    {
        var (quotient, remainder) = Int128.DivRem(nanos, unit);
        return (long)Int128.Clamp(quotient + Int128.Sign(remainder), long.MinValue, long.MaxValue);
    }
}
