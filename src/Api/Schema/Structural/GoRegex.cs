using System.Globalization;
using System.Text;

namespace MiniKube.Api.Schema.Structural;

/// <summary>
/// Writes a regular expression of Go (RE2) in the syntax of .NET: classes mean ASCII, <c>$</c> is the end of the text and not a line break before it, names
/// of groups are written another way. Throws <see cref="ArgumentException"/> for what Go refuses and .NET would take.
/// </summary>
internal static class GoRegex
{
    // Go's bound: of one repetition, and of repetitions in one another.
    private const int MaxRepeat = 1000;

    private static readonly Dictionary<string, string> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    public static string Translate(string pattern)
    {
        CheckRepeats(pattern);
        var result = new StringBuilder(pattern.Length + 16);
        var isMultiline = pattern.Contains("(?m", StringComparison.Ordinal) || pattern.Contains("(?sm", StringComparison.Ordinal);
        for (var at = 0; at < pattern.Length;)
        {
            at = pattern[at] switch
            {
                '\\' => Escape(pattern, at, result, inClass: false),
                '[' => Class(pattern, at, result),
                '$' when !isMultiline => Append(result, @"\z", at + 1),
                '(' when pattern.AsSpan(at).StartsWith("(?P<") => Append(result, "(?<", at + 4),
                '(' when pattern.AsSpan(at).StartsWith("(?=") || pattern.AsSpan(at).StartsWith("(?!") || pattern.AsSpan(at).StartsWith("(?<!")
                    || pattern.AsSpan(at).StartsWith("(?<=") || pattern.AsSpan(at).StartsWith("(?>") =>
                    throw new ArgumentException($"invalid or unsupported Perl syntax: `{pattern.Substring(at, Math.Min(3, pattern.Length - at))}`"),
                var other => Append(result, other.ToString(), at + 1),
            };
        }

        return result.ToString();
    }

    private static int Append(StringBuilder result, string text, int next)
    {
        result.Append(text);
        return next;
    }

    private static int Escape(string pattern, int at, StringBuilder result, bool inClass)
    {
        if (at + 1 >= pattern.Length)
        {
            throw new ArgumentException("trailing backslash at end of expression: ``");
        }

        var (open, close) = inClass ? ("", "") : ("[", "]");
        switch (pattern[at + 1])
        {
            case 'd':
                return Append(result, $"{open}0-9{close}", at + 2);
            case 'w':
                return Append(result, $"{open}0-9A-Za-z_{close}", at + 2);
            case 's':
                return Append(result, $@"{open}\t\n\f\r {close}", at + 2);
            case 'D':
                return Append(result, $@"{open}\x00-/:-\uFFFF{close}", at + 2);
            case 'W':
                return Append(result, $@"{open}\x00-/:-@\[-^`{{-\uFFFF{close}", at + 2);
            case 'S':
                return Append(result, $@"{open}\x00-\x08\x0B\x0E-\x1F!-\uFFFF{close}", at + 2);
            case 'Q' when !inClass:
                return Literal(pattern, at + 2, result);
            case 'x' when at + 2 < pattern.Length && pattern[at + 2] == '{':
                return Hexadecimal(pattern, at, result);
            case 'p' or 'P' when at + 2 < pattern.Length && pattern[at + 2] != '{':
                return Append(result, $@"\{pattern[at + 1]}{{{pattern[at + 2]}}}", at + 3);
            case >= '1' and <= '9' or 'k' or 'Z' or 'G' when !inClass:
                throw new ArgumentException($@"invalid escape sequence: `\{pattern[at + 1]}`");
            default:
                return Append(result, pattern.Substring(at, 2), at + 2);
        }
    }

    private static int Literal(string pattern, int start, StringBuilder result)
    {
        var end = pattern.IndexOf(@"\E", start, StringComparison.Ordinal);
        var text = end < 0 ? pattern[start..] : pattern[start..end];
        return Append(result, System.Text.RegularExpressions.Regex.Escape(text), end < 0 ? pattern.Length : end + 2);
    }

    private static int Hexadecimal(string pattern, int at, StringBuilder result)
    {
        var end = pattern.IndexOf('}', at);
        return end > 0 && int.TryParse(pattern.AsSpan(at + 3, end - at - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rune) && rune <= 0xFFFF
            ? Append(result, string.Create(CultureInfo.InvariantCulture, $@"\u{rune:x4}"), end + 1)
            : throw new ArgumentException($"invalid escape sequence: `{pattern[at..(end < 0 ? pattern.Length : end + 1)]}`");
    }

    private static int Class(string pattern, int start, StringBuilder result)
    {
        var at = start + 1;
        result.Append('[');
        if (at < pattern.Length && pattern[at] == '^')
        {
            at = Append(result, "^", at + 1);
        }

        for (var isFirst = true; at < pattern.Length; isFirst = false)
        {
            if (pattern[at] == ']' && !isFirst)
            {
                return Append(result, "]", at + 1);
            }

            at = pattern[at] switch
            {
                '\\' => Escape(pattern, at, result, inClass: true),
                '[' when PosixClass(pattern, at) is { } name => Append(result, PosixClasses[name], at + name.Length + 4),
                '[' or ']' => Append(result, $@"\{pattern[at]}", at + 1),
                var other => Append(result, other.ToString(), at + 1),
            };
        }

        throw new ArgumentException($"missing closing ]: `{pattern[start..]}`");
    }

    private static string? PosixClass(string pattern, int at)
    {
        var end = pattern.AsSpan(at).StartsWith("[:") ? pattern.IndexOf(":]", at, StringComparison.Ordinal) : -1;
        return end > 0 && PosixClasses.ContainsKey(pattern[(at + 2)..end]) ? pattern[(at + 2)..end] : null;
    }

    // An automaton grows with the product of repetitions in one another: the one way in which a short expression is expensive without backtracking.
    private static void CheckRepeats(string pattern)
    {
        var groups = new Stack<long>();
        long inner = 1;
        long last = 1;
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    at++;
                    last = 1;
                    break;
                case '[':
                    at = EndOfClass(pattern, at);
                    last = 1;
                    break;
                case '(':
                    groups.Push(inner);
                    inner = 1;
                    break;
                case ')' when groups.TryPop(out var outer):
                    (last, inner) = (inner, Math.Max(inner, outer));
                    break;
                case '{' when Repeat(pattern, at) is { } count:
                    last *= Math.Max(count, 1);
                    inner = Math.Max(inner, last);
                    if (last > MaxRepeat)
                    {
                        throw new ArgumentException($"invalid repeat count: `{pattern[at..(pattern.IndexOf('}', at) + 1)]}`");
                    }

                    break;
                default:
                    last = 1;
                    break;
            }
        }
    }

    private static int EndOfClass(string pattern, int start)
    {
        for (var at = start + 2; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\')
            {
                at++;
            }
            else if (pattern[at] == ']')
            {
                return at;
            }
        }

        return pattern.Length;
    }

    private static long? Repeat(string pattern, int at)
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0)
        {
            return null;
        }

        var parts = pattern[(at + 1)..end].Split(',');
        long most = 0;
        foreach (var part in parts.Where(part => part.Length > 0))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            most = Math.Max(most, number);
        }

        return parts.Length <= 2 && parts[0].Length > 0 ? most : null;
    }
}
