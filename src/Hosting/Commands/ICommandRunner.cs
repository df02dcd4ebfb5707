namespace MiniKube.Hosting.Commands;

/// <summary>Runs commands of the machine: the boundary that tests replace.</summary>
public interface ICommandRunner
{
    /// <summary>Runs to the end; a command that fails is an outcome, not an exception.</summary>
    /// <exception cref="CommandException">The command is not installed.</exception>
    Task<CommandOutcome> RunAsync(string command, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken);
}
