namespace MiniKube.Conformance.Tests.Matrix;

/// <summary>One command of a script, and what upstream's client and server print for it.</summary>
/// <param name="Line">Where the command stands in its script.</param>
/// <param name="Command">What the shell is given, here-documents included.</param>
/// <param name="Waits">Whether the command is repeated until it answers as expected: controllers take a moment.</param>
/// <param name="Output">The lines of standard output, with placeholders.</param>
/// <param name="Error">The lines of standard error, with placeholders.</param>
/// <param name="ExitCode">Of the shell.</param>
internal sealed record MatrixRow(int Line, string Command, bool Waits, IReadOnlyList<string> Output, IReadOnlyList<string> Error, int ExitCode)
{
    /// <summary>The first line of the command.</summary>
    public string Title => Command.Split('\n')[0];
}
