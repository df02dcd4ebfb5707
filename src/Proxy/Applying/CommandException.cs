namespace MiniKube.Proxy.Applying;

/// <summary>A command failed: the message has its command line and what it said.</summary>
internal sealed class CommandException : Exception
{
    public CommandException(CommandOutcome outcome)
        : base($"{outcome.CommandLine}: exit code {outcome.ExitCode}: {outcome.Error.Trim()}")
    {
    }

    public CommandException(string commandLine, Exception cause)
        : base($"{commandLine}: {cause.Message}", cause)
    {
    }
}
