namespace MiniKube.Api.Selectors;

/// <summary>One term of a field selector: a field has, or has not, a value.</summary>
public sealed record FieldRequirement(string Field, bool Negated, string Value)
{
    public bool Matches(string value) => (value == Value) != Negated;

    public override string ToString()
    {
        var escaped = Value
            .Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace(",", @"\,", StringComparison.Ordinal)
            .Replace("=", @"\=", StringComparison.Ordinal);
        return $"{Field}{(Negated ? "!=" : "=")}{escaped}";
    }
}
