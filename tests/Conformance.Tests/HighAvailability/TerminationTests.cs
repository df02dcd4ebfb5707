using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>The front proxy's way: nginx checks certificates and names the user; tokens go through; nobody can name himself.</summary>
[Collection(TerminatingCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class TerminationTests(TerminatingCluster cluster)
{
    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Fact]
    public async Task Certificate_IsTheUser_WithItsGroups() => Assert.Equal(
        "kubernetes-admin [\"system:authenticated\",\"system:masters\"]",
        await Kubectl.RunAsync("auth", "whoami", "-o", "jsonpath={.status.userInfo.username} {.status.userInfo.groups}"));

    [Fact]
    public async Task Token_IsTheUser_AndHeadersOfTheClientAreNot()
    {
        await using var ns = await cluster.CreateNamespaceAsync("token");
        var token = (await Kubectl.RunAsync("create", "token", "default", "-n", ns.Name)).Trim();
        var server = await Kubectl.RunAsync("config", "view", "-o", "jsonpath={.clusters[0].cluster.server}");

        var user = (await CommandRunner.RunAsync(
            "curl",
            ["-sk", "-H", $"Authorization: Bearer {token}", "-H", "X-Remote-User: root", "-H", "X-Remote-Group: system:masters",
             "-H", "Content-Type: application/json", "-d", "{}", $"{server}/apis/authentication.k8s.io/v1/selfsubjectreviews"],
            new CommandInput(),
            TestContext.Current.CancellationToken)).EnsureSuccess().Output;
        var nobody = (await CommandRunner.RunAsync(
            "curl", ["-sk", "-H", "X-Remote-User: root", "-H", "X-Remote-Group: system:masters", $"{server}/api/v1/nodes"], new CommandInput(), TestContext.Current.CancellationToken)).Output;

        Assert.Contains($"\"system:serviceaccount:{ns.Name}:default\"", user, StringComparison.Ordinal);
        Assert.DoesNotContain("system:masters", user, StringComparison.Ordinal);
        Assert.Contains("User \\\"system:anonymous\\\" cannot list resource \\\"nodes\\\"", nobody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_RunAndAreWatched_WhicheverMasterAnswers()
    {
        await using var ns = await cluster.CreateNamespaceAsync("terminated");
        await Kubectl.RunAsync("run", "here", "--image=mk/echo:1", "-n", ns.Name);
        await Kubectl.RunAsync("wait", "--for=condition=Ready", "pod/here", "-n", ns.Name, "--timeout=60s");

        (await cluster.MkAsync("stop", "master1")).EnsureSuccess();

        Assert.Equal("pod/here\n", await Kubectl.WaitForAsync(output => output == "pod/here\n", "get", "pods", "-n", ns.Name, "-o", "name"));
        (await cluster.MkAsync("start", "master1")).EnsureSuccess();
    }
}
