using System.Text.RegularExpressions;

namespace MiniKube.Api.Schema.Structural;

/// <summary>
/// A regular expression in Go's syntax. Matching takes time in proportion to the text (no backtracking), and at most a second; the expression is compiled
/// when it is first used.
/// </summary>
public sealed class SchemaPattern(string text)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lazy<Regex> _regex = new(() => Compile(text));

    public string Text { get; } = text;

    /// <summary>What is wrong with an expression, in Go's words; null when it is good.</summary>
    public static string? Check(string text)
    {
        try
        {
            Compile(text);
            return null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return $"error parsing regexp: {error.Message}";
        }
    }

    /// <summary>Whether the expression is found anywhere in the value. A match that takes too long counts as none.</summary>
    public bool IsMatch(string value)
    {
        try
        {
            return _regex.Value.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static Regex Compile(string text) =>
        new(GoRegex.Translate(text), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
}
