namespace MiniKube.Cluster.Shell;

/// <summary>A command ended with an exit code other than 0. The message has its command line and all that it printed.</summary>
public sealed class CommandFailedException : Exception
{
    public CommandFailedException()
    {
    }

    public CommandFailedException(string message)
        : base(message)
    {
    }

    public CommandFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static CommandFailedException Of(string commandLine, int exitCode, string output) =>
        new($"$ {commandLine}\nended with exit code {exitCode}:\n{output.TrimEnd()}");
}
