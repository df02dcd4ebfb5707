using System.ComponentModel;
using System.Diagnostics;

namespace MiniKube.Cluster.Shell;

/// <summary>Runs programs of the machine to their end.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a program that must succeed and returns what it printed on standard output.</summary>
    public static Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(new ProcessStartInfo(program, arguments), cancellationToken);

    /// <summary>Runs a prepared program (environment, folder) that must succeed and returns what it printed on standard output.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await TryAsync(start, cancellationToken);
        return exitCode == 0 ? output : throw CommandFailedException.Of(CommandLine(start), exitCode, output + error);
    }

    /// <summary>Runs a program and returns whatever happens.</summary>
    public static Task<(int ExitCode, string Output, string Error)> TryAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        TryAsync(new ProcessStartInfo(program, arguments), cancellationToken);

    private static async Task<(int ExitCode, string Output, string Error)> TryAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        using var process = Start(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new CommandFailedException($"$ {CommandLine(start)}\ndid not start.");
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailedException($"$ {CommandLine(start)}\ndid not start: {exception.Message}", exception);
        }
    }

    private static string CommandLine(ProcessStartInfo start) => $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
}
