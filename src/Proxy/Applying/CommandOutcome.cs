namespace MiniKube.Proxy.Applying;

/// <summary>How a command ended.</summary>
internal sealed record CommandOutcome(string CommandLine, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}
