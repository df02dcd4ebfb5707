using System.ComponentModel;
using System.Diagnostics;

namespace MiniKube.Hosting.Commands;

/// <summary>Runs commands as processes.</summary>
public sealed class CommandRunner : ICommandRunner
{
    public async Task<CommandOutcome> RunAsync(
        string command, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken)
    {
        var commandLine = string.Join(' ', arguments.Prepend(command));
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new CommandException(commandLine, exception);
        }

        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await WriteAsync(process, input, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new CommandOutcome(commandLine, process.ExitCode, await output, await error);
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all: its exit code and its words tell why.
        }
    }
}
