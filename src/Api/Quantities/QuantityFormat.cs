namespace MiniKube.Api.Quantities;

/// <summary>How a quantity was written, and is written back.</summary>
public enum QuantityFormat
{
    /// <summary>Powers of ten with a suffix: <c>500m</c>, <c>2G</c>.</summary>
    DecimalSI,

    /// <summary>Powers of 1024: <c>64Mi</c>.</summary>
    BinarySI,

    /// <summary>Powers of ten with an exponent: <c>12e6</c>.</summary>
    DecimalExponent,
}
