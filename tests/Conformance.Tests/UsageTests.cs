namespace MiniKube.Conformance.Tests;

/// <summary>What nodes and pods use on real Docker, as kubectl shows it and as an autoscaler scales by it.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class UsageTests(EmbeddedCluster cluster)
{
    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Fact]
    public async Task Nodes_AreShownByTop_OfEveryVersion()
    {
        foreach (var version in new[] { "1.20", Versions.Older, Versions.Newest })
        {
            Assert.Matches(@"\ANAME .*\nnode1 +\d+m +\d+% +\d+Mi +\d+% *\n\z", await cluster.Kubectl(version).RunAsync("top", "nodes"));
        }
    }

    [Fact]
    public async Task BusyDeployment_IsShownByTop_AndScaledUp_AndBackWhenItIsIdle()
    {
        await using var ns = await cluster.CreateNamespaceAsync("busy");
        await Kubectl.ApplyAsync(Busy, "-n", ns.Name);
        await Kubectl.RunAsync("rollout", "status", "deployment/busy", "-n", ns.Name, "--timeout=120s");

        foreach (var version in new[] { "1.20", Versions.Older, Versions.Newest })
        {
            var kubectl = cluster.Kubectl(version);
            await kubectl.WaitForAsync(IsOnePod, "top", "pods", "-n", ns.Name, "-l", "app=busy");
            Assert.Matches(@"\bloop +\d+m +\d+Mi *\n\z", await kubectl.RunAsync("top", "pods", "-n", ns.Name, "--containers"));
            Assert.Contains($"{ns.Name} ", await kubectl.RunAsync("top", "pods", "-A", "--sort-by=cpu"), StringComparison.Ordinal);
        }

        await Kubectl.RunAsync("autoscale", "deployment", "busy", "--cpu-percent=50", "--min=1", "--max=2", "-n", ns.Name);
        await Kubectl.WaitForValueAsync("2", ".spec.replicas", "deployment", "busy", "-n", ns.Name);

        await Kubectl.RunAsync("patch", "hpa", "busy", "-n", ns.Name, "-p", """{"spec": {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}}}}""");
        await Kubectl.WaitForValueAsync("2", ".status.readyReplicas", "deployment", "busy", "-n", ns.Name);
        foreach (var pod in (await Kubectl.RunAsync("get", "pods", "-n", ns.Name, "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await Kubectl.RunAsync("exec", "-n", ns.Name, pod, "--", "touch", "/tmp/idle");
        }

        await Kubectl.WaitForValueAsync("1", ".spec.replicas", "deployment", "busy", "-n", ns.Name);
        await Kubectl.WaitForAsync(events => events.Contains("New size: 1; reason: All metrics below target", StringComparison.Ordinal), "get", "events", "-n", ns.Name);
    }

    // Some pods are measured only a moment after they run.
    private static bool IsOnePod(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [_, var pod] && pod.StartsWith("busy-", StringComparison.Ordinal);

    // It asks for less than it uses, and may use little: other tests need the machine, too.
    private const string Busy = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: busy}
        spec:
          selector:
            matchLabels: {app: busy}
          template:
            metadata:
              labels: {app: busy}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: loop
                image: busybox:1.36
                command: [sh, -c, "until [ -e /tmp/idle ]; do :; done; sleep 3600"]
                resources: {requests: {cpu: 20m}, limits: {cpu: 200m} }
        """;
}
