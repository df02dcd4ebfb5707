using System.Diagnostics;
using System.Text;

namespace MiniKube.TestSupport;

/// <summary>Runs a program to its end, or kills it with its children at the deadline.</summary>
public static class CommandRunner
{
    public static async Task<CommandResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        CommandInput input,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = input.WorkingDirectory,
        };
        foreach (var (name, value) in input.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(input.Timeout);
        var output = input.IsLastLine is { } isLastLine
            ? FollowAsync(process, isLastLine, cancellationToken)
            : process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.StandardInput.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var commandLine = $"{Path.GetFileName(program)} {string.Join(' ', arguments)}";
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"$ {commandLine}\nnot done within {input.Timeout}\n{await output}{await error}");
        }

        return new CommandResult(commandLine, process.ExitCode, await output, await error);
    }

    private static async Task<string> FollowAsync(Process process, Func<string, bool> isLastLine, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var isEnding = false;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            output.Append(line).Append('\n');
            if (!isEnding && isLastLine(line))
            {
                isEnding = true;
                process.End();
            }
        }

        return output.ToString();
    }
}
