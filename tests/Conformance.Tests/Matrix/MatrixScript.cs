using System.Globalization;
using System.Text.RegularExpressions;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.Matrix;

/// <summary>
/// A file of commands and what they print, as a person would see them in a terminal:
/// <code>
/// # a comment, if it follows an empty line or another comment
/// $ kubectl get pods         a command for the shell; "wait$ " in front: repeated until it answers so
/// > more of the command      (here-documents)
/// NAME   READY               standard output: see <see cref="OutputPattern"/> for placeholders
/// ! Error from server        standard error
/// [exit 1]                   the exit code, unless it is 0
/// [1.20 1.32] …              any of these lines, only for these versions of kubectl
/// </code>
/// Empty lines before the next command say nothing.
/// </summary>
internal static partial class MatrixScript
{
    private static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "tests/Conformance.Tests/Matrix");

    /// <summary>Where commands run: the manifests that they name are there.</summary>
    public static string Manifests { get; } = Path.Combine(Folder, "Manifests");

    /// <summary>Small programs that commands use.</summary>
    public static string Tools { get; } = Path.Combine(Folder, "Tools");

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Path.Combine(Folder, "Scripts"), "*.txt").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal);

    public static IReadOnlyList<MatrixRow> Read(string name, string version)
    {
        var rows = new List<MatrixRow>();
        var (output, error) = (new List<string>(), new List<string>());
        var (number, isComment, isAfterGap) = (0, false, true);
        foreach (var line in File.ReadLines(Path.Combine(Folder, "Scripts", $"{name}.txt")))
        {
            number++;
            var text = TextFor(version, line);
            isComment = line.StartsWith("# ", StringComparison.Ordinal) && (isComment || isAfterGap);
            isAfterGap = line.Length == 0;
            if (text is null || isComment)
            {
                continue;
            }

            if (StartOfCommand().Match(text) is { Success: true } start)
            {
                (output, error) = ([], []);
                rows.Add(new MatrixRow(number, start.Groups[2].Value, start.Groups[1].Length > 0, output, error, 0));
            }
            else if (rows.Count > 0)
            {
                rows[^1] = Continue(rows[^1], text, output, error);
            }
        }

        return rows;
    }

    private static MatrixRow Continue(MatrixRow row, string text, List<string> output, List<string> error)
    {
        if (text.StartsWith("> ", StringComparison.Ordinal))
        {
            return row with { Command = $"{row.Command}\n{text[2..]}" };
        }

        if (ExitCode().Match(text) is { Success: true } exit)
        {
            return row with { ExitCode = int.Parse(exit.Groups[1].Value, CultureInfo.InvariantCulture) };
        }

        if (text.StartsWith("! ", StringComparison.Ordinal))
        {
            error.Add(text[2..]);
        }
        else
        {
            output.Add(text);
        }

        return row;
    }

    /// <summary>The line without its condition; null when it is not for that version.</summary>
    private static string? TextFor(string version, string line) => Condition().Match(line) switch
    {
        { Success: false } => line,
        var condition when condition.Groups[1].Value.Split(' ').Contains(version) => line[condition.Length..],
        _ => null,
    };

    [GeneratedRegex(@"^(wait)?\$ (.+)$")]
    private static partial Regex StartOfCommand();

    [GeneratedRegex(@"^\[exit (\d+)\]$")]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"^\[(1\.\d\d(?: 1\.\d\d)*)\] ?")]
    private static partial Regex Condition();
}
