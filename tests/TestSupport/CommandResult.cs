namespace MiniKube.TestSupport;

/// <summary>What a command printed and how it ended.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>This result, if the command succeeded; else an exception that tells all.</summary>
    public CommandResult EnsureSuccess() => ExitCode == 0 ? this : throw new InvalidOperationException(ToString());

    public override string ToString() => $"$ {CommandLine}\nexit code {ExitCode}\n{Output}{Error}";
}
