namespace MiniKube.Hosting.Commands;

/// <summary>How a command ended.</summary>
public sealed record CommandOutcome(string CommandLine, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <exception cref="CommandException">The command failed.</exception>
    public CommandOutcome ThrowIfFailed() => Succeeded ? this : throw new CommandException(this);
}
