using System.Globalization;
using System.Text;

using MiniKube.Api.Errors;

namespace MiniKube.Api.Selectors;

/// <summary>Chooses objects by fields: <c>metadata.name=a,status.phase!=Failed</c>. Which fields there are is the resource's to say.</summary>
public sealed class FieldSelector
{
    private FieldSelector(IReadOnlyList<FieldRequirement> requirements) => Requirements = requirements;

    public static FieldSelector Everything { get; } = new([]);

    public IReadOnlyList<FieldRequirement> Requirements { get; }

    public bool MatchesEverything => Requirements.Count == 0;

    /// <summary>Reads the query parameter <c>fieldSelector</c>; an empty one matches everything.</summary>
    /// <exception cref="StatusException">BadRequest, with upstream's text.</exception>
    public static FieldSelector Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Everything;
        }

        var requirements = SplitTerms(text)
            .Where(term => term.Length > 0)
            .Order(StringComparer.Ordinal)
            .Select(term => ParseTerm(term, text))
            .ToList();
        return requirements.Count == 0 ? Everything : new FieldSelector(requirements);
    }

    public static FieldSelector FromEquals(string field, string value) => new([new FieldRequirement(field, false, value)]);

    /// <param name="read">Gives the value of a field; absent fields are empty.</param>
    public bool Matches(Func<string, string> read)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(read(requirement.Field)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The value that the field must have; null when the selector does not fix it.</summary>
    public string? RequiredValue(string field) =>
        Requirements.FirstOrDefault(requirement => !requirement.Negated && requirement.Field == field)?.Value;

    public override string ToString() => string.Join(',', Requirements);

    private static IEnumerable<string> SplitTerms(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static FieldRequirement ParseTerm(string term, string text)
    {
        var at = term.IndexOf('=', StringComparison.Ordinal);
        if (at < 0)
        {
            throw StatusException.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
        }

        var negated = at > 0 && term[at - 1] == '!';
        var isDouble = !negated && at + 1 < term.Length && term[at + 1] == '=';
        return new FieldRequirement(term[..(negated ? at - 1 : at)], negated, Unescape(term.AsSpan(at + (isDouble ? 2 : 1))));
    }

    private static string Unescape(ReadOnlySpan<char> value)
    {
        var unescaped = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '\\' when i + 1 < value.Length && value[i + 1] is '\\' or ',' or '=':
                    unescaped.Append(value[++i]);
                    break;
                case '\\':
                    throw StatusException.BadRequest(
                        $"invalid field selector: invalid escape sequence: {value[i..Math.Min(i + 2, value.Length)]}");
                case ',' or '=':
                    throw StatusException.BadRequest(string.Create(
                        CultureInfo.InvariantCulture, $"invalid field selector: unescaped character in value: {(int)value[i]}"));
                default:
                    unescaped.Append(value[i]);
                    break;
            }
        }

        return unescaped.ToString();
    }
}
