using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>A chart as people write them (manifests/charts/hello), from its install to its uninstall, by helm 3.17 and 4.1 at the same time: its pods really run.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class HelmTests(EmbeddedCluster cluster) : IDisposable
{
    private const string Chart = "manifests/charts/hello";
    private const string Patience = "--timeout=180s";

    private readonly string _home = Directory.CreateTempSubdirectory("mk-helm-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public Task Chart_IsInstalledTestedUpgradedRolledBackAndUninstalled() => Task.WhenAll(WalkAsync(Versions.Older), WalkAsync(Versions.Newest));

    private async Task WalkAsync(string version)
    {
        var kubectl = cluster.Kubectl(version);
        await using var ns = await cluster.CreateNamespaceAsync("helm");
        string[] inNamespace = ["-n", ns.Name];

        var installed = await HelmAsync(version, ["install", "hello", Chart, "--wait", Patience, .. inNamespace]);
        Assert.Contains("STATUS: deployed\nREVISION: 1\n", installed, StringComparison.Ordinal);
        Assert.Contains($"wget -q -O - http://hello.{ns.Name}/", installed, StringComparison.Ordinal);
        await kubectl.WaitForValueAsync("2 2", ".status['readyReplicas','updatedReplicas']", ["deployment", "hello", .. inNamespace]);
        Assert.Equal("1", await kubectl.ValueAsync(".status.succeeded", ["job", "hello-greet", .. inNamespace]));
        Assert.Equal("Hello, world!\n", await kubectl.RunAsync(["logs", "job/hello-greet", .. inNamespace]));

        var tested = await HelmAsync(version, ["test", "hello", "--logs", Patience, .. inNamespace]);
        Assert.Matches(@"Phase: +Succeeded", tested);
        Assert.Contains("Hello, world!\n", tested, StringComparison.Ordinal);

        var upgraded = await HelmAsync(version, ["upgrade", "hello", Chart, "--set", "greeting=Good day,replicas=3", "--wait", Patience, .. inNamespace]);
        Assert.Contains("STATUS: deployed\nREVISION: 2\n", upgraded, StringComparison.Ordinal);
        await kubectl.WaitForValueAsync("3 3", ".status['readyReplicas','updatedReplicas']", ["deployment", "hello", .. inNamespace]);
        Assert.Matches(@"Phase: +Succeeded", await HelmAsync(version, ["test", "hello", Patience, .. inNamespace]));
        await AssertIsToldAsync(version, inNamespace);

        await HelmAsync(version, ["rollback", "hello", "1", "--wait", Patience, .. inNamespace]);
        await kubectl.WaitForValueAsync("2 2", ".status['readyReplicas','updatedReplicas']", ["deployment", "hello", .. inNamespace]);
        Assert.Matches(@"Phase: +Succeeded", await HelmAsync(version, ["test", "hello", Patience, .. inNamespace]));
        var history = await HelmAsync(version, ["history", "hello", .. inNamespace]);
        Assert.Matches(@"1\s+.*superseded.*Install complete *\n2\s+.*superseded.*Upgrade complete *\n3\s+.*deployed.*Rollback to 1 *\n", history);

        Assert.Equal("release \"hello\" uninstalled\n", await HelmAsync(version, ["uninstall", "hello", "--wait", Patience, .. inNamespace]));
        await kubectl.WaitForAsync(
            output => output.Length == 0,
            ["get", "deployments,replicasets,pods,services,configmaps,secrets,serviceaccounts", "-l", "app.kubernetes.io/instance=hello", "-o", "name", .. inNamespace]);
        var gone = await TryHelmAsync(version, ["status", "hello", .. inNamespace]);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("Error: release: not found\n", gone.Error, StringComparison.Ordinal);
    }

    /// <summary>What helm shows of the second revision.</summary>
    private async Task AssertIsToldAsync(string version, string[] inNamespace)
    {
        Assert.Contains("STATUS: deployed\nREVISION: 2\n", await HelmAsync(version, ["status", "hello", .. inNamespace]), StringComparison.Ordinal);
        Assert.Matches(@"^hello\s+\S+\s+2\s+.*deployed\s+hello-0\.1\.0\s+1\s*$", (await HelmAsync(version, ["list", "--no-headers", .. inNamespace])).TrimEnd());
        Assert.Equal("USER-SUPPLIED VALUES:\ngreeting: Good day\nreplicas: 3\n", await HelmAsync(version, ["get", "values", "hello", .. inNamespace]));
        Assert.Contains("word: world\n", await HelmAsync(version, ["get", "values", "hello", "--all", .. inNamespace]), StringComparison.Ordinal);
        Assert.Contains("kind: Deployment\n", await HelmAsync(version, ["get", "manifest", "hello", .. inNamespace]), StringComparison.Ordinal);
        var hooks = await HelmAsync(version, ["get", "hooks", "hello", .. inNamespace]);
        Assert.Contains("name: hello-greet\n", hooks, StringComparison.Ordinal);
        Assert.Contains("name: hello-page\n", hooks, StringComparison.Ordinal);
        Assert.Contains("Read the page from a pod", await HelmAsync(version, ["get", "notes", "hello", .. inNamespace]), StringComparison.Ordinal);
        Assert.Contains("\nHOOKS:\n", await HelmAsync(version, ["get", "all", "hello", .. inNamespace]), StringComparison.Ordinal);
    }

    private async Task<string> HelmAsync(string version, string[] arguments) => (await TryHelmAsync(version, arguments)).EnsureSuccess().Output;

    private Task<CommandResult> TryHelmAsync(string version, string[] arguments) => CommandRunner.RunAsync(
        Path.Combine(RepositoryRoot.Path, "artifacts/tools", $"kubectl-{version}", "helm"),
        arguments,
        new CommandInput
        {
            Timeout = TimeSpan.FromMinutes(4),
            Environment = new Dictionary<string, string> { ["HOME"] = Path.Combine(_home, version), ["KUBECONFIG"] = Path.Combine(cluster.Folder, "kubeconfig") },
        },
        Cancellation);
}
