namespace MiniKube.Hosting;

/// <summary>How a process logs. Flags: --log-level.</summary>
public sealed record LoggingOptions
{
    /// <summary>Verbose, Debug, Information, Warning or Error.</summary>
    public string Level { get; init; } = "Information";
}
