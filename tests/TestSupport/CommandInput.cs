namespace MiniKube.TestSupport;

/// <summary>What a command is given: text on standard input, variables added to the environment, a folder to run in, a time to finish in, and what it has to say before it is asked to end.</summary>
public sealed record CommandInput
{
    public string StandardInput { get; init; } = "";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string WorkingDirectory { get; init; } = RepositoryRoot.Path;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The first line of output for which this holds ends the program with SIGTERM: for one that follows something without end.</summary>
    public Func<string, bool>? IsLastLine { get; init; }
}
