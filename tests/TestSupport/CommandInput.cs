namespace MiniKube.TestSupport;

/// <summary>What a command is given: text on standard input, variables added to the environment, a folder to run in, and a time to finish in.</summary>
public sealed record CommandInput
{
    public string StandardInput { get; init; } = "";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string WorkingDirectory { get; init; } = RepositoryRoot.Path;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
