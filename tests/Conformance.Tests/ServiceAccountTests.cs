using System.Text.RegularExpressions;

namespace MiniKube.Conformance.Tests;

/// <summary>What a pod on real Docker knows of its service account: a token that is believed as long as the pod lives, the server's authority, its namespace.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class ServiceAccountTests(EmbeddedCluster cluster)
{
    private const string Files = "/var/run/secrets/kubernetes.io/serviceaccount";

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Fact]
    public async Task Pod_HasItsTokenAuthorityAndNamespace_AndTheTokenEndsWithIt()
    {
        await using var ns = await cluster.CreateNamespaceAsync("account");
        await Kubectl.ApplyAsync(Pod(""), "-n", ns.Name);
        var log = await Kubectl.WaitForAsync(text => text.Contains("END OF FILES", StringComparison.Ordinal), "logs", "reader", "-n", ns.Name);

        Assert.Contains($"namespace={ns.Name}\n", log, StringComparison.Ordinal);
        Assert.Equal(await Kubectl.ValueAsync(@".data.ca\.crt", "configmap", "kube-root-ca.crt", "-n", ns.Name), Regex.Match(log, "-----BEGIN.*-----END CERTIFICATE-----\n", RegexOptions.Singleline).Value);
        Assert.Matches(@"-rw-r--r-- .* token\n", log);
        var token = Regex.Match(log, "token=(.*)\n").Groups[1].Value;
        Assert.Equal($"true system:serviceaccount:{ns.Name}:default reader", await ReviewAsync(token));

        await Kubectl.RunAsync("delete", "pod", "reader", "-n", ns.Name, "--now");

        Assert.Equal("  ", await ReviewAsync(token));
    }

    [Fact]
    public async Task Pod_ThatWantsNoToken_GetsNone()
    {
        await using var ns = await cluster.CreateNamespaceAsync("account");
        await Kubectl.ApplyAsync(Pod("automountServiceAccountToken: false"), "-n", ns.Name);

        var log = await Kubectl.WaitForAsync(text => text.Contains("END OF FILES", StringComparison.Ordinal), "logs", "reader", "-n", ns.Name);

        Assert.DoesNotContain("token=", log, StringComparison.Ordinal);
        Assert.Equal("", await Kubectl.ValueAsync(".spec.volumes", "pod", "reader", "-n", ns.Name));
    }

    private static string Pod(string more) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: reader}
        spec:
          {{more}}
          terminationGracePeriodSeconds: 0
          containers:
          - name: reader
            image: busybox:1.36
            command: [sh, -c, 'cd {{Files}} && echo "token=$(cat token)" && echo "namespace=$(cat namespace)" && cat ca.crt && ls -lL; echo END OF FILES; sleep 1000']
        """;

    private async Task<string> ReviewAsync(string token) => (await Kubectl.TryWithInputAsync(
        $$"""
        apiVersion: authentication.k8s.io/v1
        kind: TokenReview
        spec: {token: "{{token}}" }
        """,
        "create", "-f", "-", "-o", @"jsonpath={.status.authenticated} {.status.user.username} {.status.user.extra.authentication\.kubernetes\.io/pod-name[0]}")).EnsureSuccess().Output;
}
