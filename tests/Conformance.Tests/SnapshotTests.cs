using System.Globalization;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>A cluster goes back to what it was, without anything that has a resourceVersion going back in time.</summary>
public abstract class SnapshotTests(ClusterFixture cluster)
{
    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Fact]
    public async Task Restore_OfASnapshot_BringsBackWhatWasThere_AndRunsOn()
    {
        await using var ns = await cluster.CreateNamespaceAsync("snapshot");
        await Kubectl.RunAsync("create", "configmap", "kept", "--from-literal=value=before", "-n", ns.Name);
        await Kubectl.RunAsync("create", "configmap", "lost", "--from-literal=value=before", "-n", ns.Name);
        var file = Path.GetTempFileName();
        try
        {
            Assert.Matches(@"^\d+ keys of revision \d+\n$", (await cluster.MkAsync("snapshot", "save", file)).EnsureSuccess().Output);
            await Kubectl.RunAsync("patch", "configmap", "kept", "-n", ns.Name, "-p", """{"data":{"value":"after"}}""");
            await Kubectl.RunAsync("delete", "configmap", "lost", "-n", ns.Name);
            await Kubectl.RunAsync("create", "configmap", "later", "-n", ns.Name);
            var before = await VersionAsync(ns.Name, "later");

            (await cluster.MkAsync("snapshot", "restore", file)).EnsureSuccess();

            Assert.Equal("before", await Kubectl.ValueAsync(".data.value", "configmap", "kept", "-n", ns.Name));
            Assert.Equal("before", await Kubectl.ValueAsync(".data.value", "configmap", "lost", "-n", ns.Name));
            Assert.Contains("NotFound", (await Kubectl.TryAsync("get", "configmap", "later", "-n", ns.Name)).Error, StringComparison.Ordinal);
            Assert.True(await VersionAsync(ns.Name, "kept") > before);
            Assert.Contains(
                "410", (await Kubectl.TryAsync("get", "--raw", $"/api/v1/namespaces/{ns.Name}/configmaps?watch=true&timeoutSeconds=1&resourceVersion={before}")).ToString(),
                StringComparison.Ordinal);

            // Controllers and node work on.
            await Kubectl.RunAsync("create", "deployment", "after", "--image=mk/echo:1", "-n", ns.Name);
            await Kubectl.RunAsync("rollout", "status", "deployment/after", "-n", ns.Name, "--timeout=90s");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Restore_OfSomethingElse_IsRefused_AndTheClusterGoesOn()
    {
        var refused = await cluster.MkAsync("snapshot", "restore", Path.Combine(RepositoryRoot.Path, "README.md"));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("not a whole snapshot", refused.Error, StringComparison.Ordinal);
        Assert.Equal("Active", await Kubectl.WaitForAsync(output => output == "Active", "get", "namespace", "default", "-o", "jsonpath={.status.phase}"));
    }

    private async Task<long> VersionAsync(string ns, string name) =>
        long.Parse(await Kubectl.ValueAsync(".metadata.resourceVersion", "configmap", name, "-n", ns), CultureInfo.InvariantCulture);
}
