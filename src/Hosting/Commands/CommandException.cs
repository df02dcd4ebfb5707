namespace MiniKube.Hosting.Commands;

/// <summary>A command failed: the message has its command line and what it said.</summary>
public sealed class CommandException : Exception
{
    public CommandException()
    {
    }

    public CommandException(string message)
        : base(message)
    {
    }

    public CommandException(CommandOutcome outcome)
        : base($"{outcome.CommandLine}: exit code {outcome.ExitCode}: {outcome.Error.Trim()}")
    {
    }

    public CommandException(string commandLine, Exception innerException)
        : base($"{commandLine}: {innerException.Message}", innerException)
    {
    }
}
