using System.Globalization;

namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>
/// What a hollow container would do: a few commands have an end (<c>true</c>, <c>false</c>, <c>sleep N</c>, <c>exit N</c>, also in <c>sh -c</c> and
/// one after the other with <c>;</c> or <c>&amp;&amp;</c>), so that Jobs and restarts can be seen without a real machine. Everything else runs for ever.
/// </summary>
internal sealed record HollowProgram(TimeSpan Duration, int ExitCode)
{
    /// <summary>Null when it runs until it is stopped.</summary>
    public static HollowProgram? Of(IReadOnlyList<string> command, IReadOnlyList<string> args)
    {
        string[] words = [.. command, .. args];
        if (words is ["sh" or "/bin/sh", "-c", var script])
        {
            return OfScript(script);
        }

        return words.Length > 0 ? OfWords(words) : null;
    }

    private static HollowProgram? OfScript(string script)
    {
        var total = new HollowProgram(TimeSpan.Zero, 0);
        foreach (var step in script.Split([";", "&&", "\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = step.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "echo")
            {
                continue;
            }

            if (OfWords(words) is not { } program)
            {
                return null;
            }

            total = new HollowProgram(total.Duration + program.Duration, program.ExitCode);
            if (words[0] == "exit")
            {
                break;
            }
        }

        return total;
    }

    private static HollowProgram? OfWords(string[] words) => words switch
    {
        ["true" or "/bin/true"] => new HollowProgram(TimeSpan.Zero, 0),
        ["false" or "/bin/false"] => new HollowProgram(TimeSpan.Zero, 1),
        ["exit", var code] when int.TryParse(code, CultureInfo.InvariantCulture, out var exit) => new HollowProgram(TimeSpan.Zero, exit),
        ["sleep" or "/bin/sleep", var time] when double.TryParse(time, CultureInfo.InvariantCulture, out var seconds) && seconds < 86_400 =>
            new HollowProgram(TimeSpan.FromSeconds(seconds), 0),
        _ => null,
    };
}
