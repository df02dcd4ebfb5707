using System.Text.RegularExpressions;

namespace MiniKube.Conformance.Tests.Matrix;

/// <summary>
/// Expected text in which some parts are free: placeholders such as &lt;age&gt;, the width of columns (two spaces or more), and "..." for any number of lines.
/// </summary>
internal static partial class OutputPattern
{
    private static readonly Dictionary<string, string> Placeholders = new(StringComparer.Ordinal)
    {
        ["age"] = @"\d+[smhd](\d+[smh])?",
        ["any"] = @".*",
        ["date"] = @"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}",

        // A number of 32 bits in decimal digits, each a letter of its own.
        ["hash"] = @"[a-z0-9]{1,10}",
        ["id"] = @"[a-z0-9]{5}",
        ["ip"] = @"\d+\.\d+\.\d+\.\d+",
        ["number"] = @"\d+",
        ["time"] = @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
        ["uid"] = @"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        ["word"] = @"\S+",
    };

    /// <param name="expected">Lines with placeholders.</param>
    /// <param name="actual">What was printed.</param>
    /// <param name="names">What more stands between angle brackets, and its text.</param>
    public static bool Matches(IReadOnlyList<string> expected, string actual, IReadOnlyDictionary<string, string> names)
    {
        var lines = expected.Reverse().SkipWhile(line => line.Length == 0).Reverse()
            .Select(line => line == "..." ? @"(.*\n)*?" : LinePattern(line, names) + @" *\n");
        return Regex.IsMatch(actual.TrimEnd('\n') + (actual.TrimEnd('\n').Length > 0 ? "\n" : ""), $@"\A{string.Concat(lines)}\z", RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    private static string LinePattern(string line, IReadOnlyDictionary<string, string> names)
    {
        var escaped = Regex.Escape(line.TrimEnd()).Replace(@"\ ", " ", StringComparison.Ordinal);
        var named = Placeholder().Replace(escaped, match => names.TryGetValue(match.Groups[1].Value, out var text)
            ? Regex.Escape(text)
            : Placeholders.GetValueOrDefault(match.Groups[1].Value, match.Value));
        return ColumnGap().Replace(named, "$1 {2,}");
    }

    [GeneratedRegex("<([a-z]+)>")]
    private static partial Regex Placeholder();

    // Not at the start of a line: there, spaces are indentation.
    [GeneratedRegex(@"(\S) {2,}(?=\S)")]
    private static partial Regex ColumnGap();
}
