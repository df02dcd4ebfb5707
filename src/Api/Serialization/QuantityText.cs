namespace MiniKube.Api.Serialization;

/// <summary>The canonical text of a quantity, as upstream's decoder leaves it.</summary>
internal static class QuantityText
{
    /// <summary>Upstream's message for text that is no quantity.</summary>
    public const string FormatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    public static string Canonicalize(string text) => text.Length == 0 ? throw new DecodeException(FormatError) : text;
}
