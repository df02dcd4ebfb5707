using System.Globalization;

using MiniKube.Api.Errors;
using MiniKube.Api.Validation;

namespace MiniKube.Api.Selectors;

/// <summary>One term of a label selector, such as <c>app in (a,b)</c>. Values are sorted and distinct.</summary>
public sealed record LabelRequirement
{
    private readonly long _bound;
    private readonly List<string> _values;

    /// <exception cref="FormatException">Key or values break the rules; the text is upstream's.</exception>
    public LabelRequirement(string key, SelectorOperator @operator, params IEnumerable<string> values)
    {
        Key = key;
        Operator = @operator;
        _values = [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (FindFault(out _bound) is { } fault)
        {
            throw new FormatException(fault.ToString());
        }
    }

    public string Key { get; }

    public SelectorOperator Operator { get; }

    public IReadOnlyList<string> Values => _values;

    /// <summary>Whether an object fits whose label of this key has this value; null when it has no such label.</summary>
    public bool Matches(string? value) => Operator switch
    {
        SelectorOperator.Equals or SelectorOperator.DoubleEquals => value == Values[0],
        SelectorOperator.NotEquals => value != Values[0],
        SelectorOperator.In => value is not null && Has(value),
        SelectorOperator.NotIn => value is null || !Has(value),
        SelectorOperator.Exists => value is not null,
        SelectorOperator.DoesNotExist => value is null,
        SelectorOperator.GreaterThan => TryParse(value, out var number) && number > _bound,
        _ => TryParse(value, out var number) && number < _bound,
    };

    public override string ToString() => Operator switch
    {
        SelectorOperator.Equals => $"{Key}={Values[0]}",
        SelectorOperator.DoubleEquals => $"{Key}=={Values[0]}",
        SelectorOperator.NotEquals => $"{Key}!={Values[0]}",
        SelectorOperator.In => $"{Key} in ({string.Join(',', Values)})",
        SelectorOperator.NotIn => $"{Key} notin ({string.Join(',', Values)})",
        SelectorOperator.Exists => Key,
        SelectorOperator.DoesNotExist => $"!{Key}",
        SelectorOperator.GreaterThan => $"{Key}>{Values[0]}",
        _ => $"{Key}<{Values[0]}",
    };

    /// <summary>The fault of a key by itself. The path is what Go prints for a path that is nil.</summary>
    internal static FieldError? FindKeyFault(string key) =>
        string.Join("; ", Names.QualifiedName(key)) is { Length: > 0 } faults ? FieldError.Invalid("<nil>", key, faults) : null;

    // They are sorted: a selector with thousands of values costs each object a dozen comparisons.
    private bool Has(string value) => _values.BinarySearch(value, StringComparer.Ordinal) >= 0;

    private static bool TryParse(string? value, out long number) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private FieldError? FindFault(out long bound)
    {
        bound = 0;
        return FindKeyFault(Key) ?? FindCountFault() ?? FindBoundFault(out bound) ?? FindValueFault();
    }

    private FieldError? FindCountFault() => Operator switch
    {
        SelectorOperator.In or SelectorOperator.NotIn when Values.Count == 0 =>
            FieldError.Invalid("values", Values, "for 'in', 'notin' operators, values set can't be empty"),
        SelectorOperator.Equals or SelectorOperator.DoubleEquals or SelectorOperator.NotEquals when Values.Count != 1 =>
            FieldError.Invalid("values", Values, "exact-match compatibility requires one single value"),
        SelectorOperator.Exists or SelectorOperator.DoesNotExist when Values.Count != 0 =>
            FieldError.Invalid("values", Values, "values set must be empty for exists and does not exist"),
        SelectorOperator.GreaterThan or SelectorOperator.LessThan when Values.Count != 1 =>
            FieldError.Invalid("values", Values, "for 'Gt', 'Lt' operators, exactly one value is required"),
        _ => null,
    };

    private FieldError? FindBoundFault(out long bound)
    {
        bound = 0;
        return Operator is SelectorOperator.GreaterThan or SelectorOperator.LessThan && !TryParse(Values[0], out bound)
            ? FieldError.Invalid("values[0]", Values[0], "for 'Gt', 'Lt' operators, the value must be an integer")
            : null;
    }

    private FieldError? FindValueFault()
    {
        for (var i = 0; i < Values.Count; i++)
        {
            if (string.Join("; ", Names.LabelValue(Values[i])) is { Length: > 0 } faults)
            {
                return FieldError.Invalid($"values[{i}][{Key}]", Values[i], faults);
            }
        }

        return null;
    }
}
