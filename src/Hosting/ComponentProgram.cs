using System.CommandLine;

namespace MiniKube.Hosting;

/// <summary>Runs a command line as a process.</summary>
public static class ComponentProgram
{
    /// <summary>How long a clean stop may take after SIGTERM before the process ends anyway: the API server drains for up to 60 s.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(70);

    /// <summary>SIGTERM and Ctrl-C cancel the command's token. An exception that the command does not handle is thrown.</summary>
    public static async Task<int> RunAsync(Command command, IReadOnlyList<string> arguments)
    {
        using var memory = new IdleMemory(TimeProvider.System);
        return await command.Parse(arguments).InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime }, CancellationToken.None);
    }
}
