using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>An unmodified kubectl of one version, aimed at a cluster. Its discovery cache is its own.</summary>
public sealed class Kubectl(string version, string kubeconfig, string cache)
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(90);

    public string Version { get; } = version;

    private string Program { get; } = Path.Combine(RepositoryRoot.Path, "artifacts/tools", $"kubectl-{version}", "kubectl");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs kubectl and returns whatever happens.</summary>
    public Task<CommandResult> TryAsync(params string[] arguments) => TryWithInputAsync("", arguments);

    public Task<CommandResult> TryWithInputAsync(string input, params string[] arguments) => RunAsync(new CommandInput { StandardInput = input }, arguments);

    /// <summary>Runs kubectl, which ends by itself never, until it has printed a line, and returns what it printed.</summary>
    public async Task<string> FollowAsync(Func<string, bool> isLastLine, params string[] arguments) => (await RunAsync(new CommandInput { IsLastLine = isLastLine }, arguments)).Output;

    private Task<CommandResult> RunAsync(CommandInput input, string[] arguments) => CommandRunner.RunAsync(
        Program, ["--kubeconfig", kubeconfig, "--cache-dir", Path.Combine(cache, Version), .. arguments], input with { Timeout = TimeSpan.FromMinutes(3) }, Cancellation);

    /// <summary>Runs kubectl, which must succeed, and returns what it printed.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await TryAsync(arguments)).EnsureSuccess().Output;

    public async Task<string> ApplyAsync(string manifest, params string[] arguments) =>
        (await TryWithInputAsync(manifest, ["apply", "-f", "-", .. arguments])).EnsureSuccess().Output;

    /// <summary>Asks kubectl until what it prints satisfies.</summary>
    public Task<string> WaitForAsync(Func<string, bool> satisfies, params string[] arguments) => Eventually.GetAsync(
        async _ => (await TryAsync(arguments)) is var result && result.ExitCode == 0 ? result.Output : result.ToString(), satisfies, WaitLimit, Cancellation);

    /// <summary>One value of an object, by jsonpath.</summary>
    public Task<string> ValueAsync(string path, params string[] what) => RunAsync(["get", .. what, "-o", $"jsonpath={{{path}}}"]);

    public Task WaitForValueAsync(string expected, string path, params string[] what) =>
        WaitForAsync(value => value == expected, ["get", .. what, "-o", $"jsonpath={{{path}}}"]);
}
