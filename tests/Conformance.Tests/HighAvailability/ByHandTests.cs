using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>docs/ha-by-hand.md, typed block by block as it stands there. It takes a minute: asked for by MK_BY_HAND=1. What can be known without it is tested in Cluster.Tests.</summary>
[Trait("Needs", "Machine")]
public sealed class ByHandTests : IAsyncLifetime
{
    private static readonly TimeSpan BlockLimit = TimeSpan.FromMinutes(3);

    private static readonly CommandInput Input = new() { Timeout = BlockLimit };

    private static readonly string Mk = Path.Combine(RepositoryRoot.Path, "mk");

    public static bool IsWanted => Environment.GetEnvironmentVariable("MK_BY_HAND") == "1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await DownAsync();

    public async ValueTask DisposeAsync() => (await DownAsync()).EnsureSuccess();

    [Fact(Skip = "takes a minute: MK_BY_HAND=1 runs it", SkipUnless = nameof(IsWanted))]
    public async Task Page_TypedBlockByBlock_FormsACluster_ThatComesBackFromAStop()
    {
        foreach (var block in HostBlock.ReadAll("docs/ha-by-hand.md"))
        {
            var results = await Task.WhenAll(block.Hosts.Select(host => TypeAsync(host, block.Commands)));
            Assert.True(
                results.All(result => result.ExitCode == 0),
                $"docs/ha-by-hand.md, line {block.Line}:\n{string.Join('\n', results.Select(result => result.ToString()))}");
        }

        // As the page promises at its end: the units that were made by hand are there again.
        (await RunAsync("stop")).EnsureSuccess();
        (await RunAsync("start")).EnsureSuccess();
        await Eventually.GetAsync(_ => RunAsync("status"), status => status.ExitCode == 0, BlockLimit, Cancellation);
    }

    /// <summary>What fails ends a block, as a person would stop there.</summary>
    private static Task<CommandResult> TypeAsync(string host, string commands)
    {
        string[] shell = ["bash", "-e", "-c", commands];
        return host == HostBlock.Machine
            ? CommandRunner.RunAsync(shell[0], shell[1..], Input, Cancellation)
            : CommandRunner.RunAsync(Mk, ["host", "--name", "byhand", host, "--", .. shell], Input, Cancellation);
    }

    private static Task<CommandResult> RunAsync(string verb) => CommandRunner.RunAsync(Mk, [verb, "--name", "byhand"], Input, Cancellation);

    private static Task<CommandResult> DownAsync() => CommandRunner.RunAsync(Mk, ["down", "--name", "byhand", "--images"], Input, CancellationToken.None);
}
