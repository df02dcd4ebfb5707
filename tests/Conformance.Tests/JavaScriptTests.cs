using MiniKube.Conformance.Tests.Matrix;

namespace MiniKube.Conformance.Tests;

/// <summary>The Kubernetes client for JavaScript, unmodified. What must be true is asserted in the scripts.</summary>
[Collection(MatrixCluster.Collection)]
[Trait("Needs", "Machine")]
public class JavaScriptTests(MatrixCluster cluster)
{
    [Theory]
    [InlineData("objects.mjs")]
    [InlineData("patches.mjs")]
    [InlineData("generic.mjs")]
    [InlineData("watch.mjs")]
    public async Task Script_OfTheClient_EndsWell(string script)
    {
        await using var ns = await cluster.CreateNamespaceAsync("javascript");

        (await cluster.JavaScript.RunAsync(script, ns.Name)).EnsureSuccess();
    }

    [Fact]
    public async Task Informer_AcrossARestartOfTheServer_SeesWhatChangedMeanwhile()
    {
        var kubectl = cluster.Kubectl(Versions.Newest);
        await using var ns = await cluster.CreateNamespaceAsync("informer");
        await kubectl.ApplyAsync(ConfigMaps("before", "gone"), "-n", ns.Name);
        var informer = cluster.JavaScript.RunAsync("informer.mjs", ns.Name);
        await kubectl.WaitForAsync(output => output.Contains("working", StringComparison.Ordinal), "get", "configmaps", "-n", ns.Name, "-o", "name");

        await cluster.RestartControlPlaneAsync();
        await kubectl.RunAsync("delete", "configmap", "gone", "-n", ns.Name);
        await kubectl.ApplyAsync(ConfigMaps("after"), "-n", ns.Name);

        var output = (await informer).EnsureSuccess().Output;
        Assert.Contains("add before\n", output, StringComparison.Ordinal);
        Assert.Contains("add after\n", output, StringComparison.Ordinal);
        Assert.EndsWith("cache after before\n", output, StringComparison.Ordinal);
    }

    private static string ConfigMaps(params string[] names) => string.Join(
        "\n---\n", names.Select(name => $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, labels: {{app: informer}}}}}}"));
}
