using System.Diagnostics;
using System.Globalization;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>Whatever one host of the talk's cluster does: the others go on, no acknowledged write is lost, and no container restarts. Figures are printed.</summary>
[Collection(HighlyAvailableCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class HighAvailabilityTests(HighlyAvailableCluster cluster)
{
    private const string Scheduler = "kube-scheduler";
    private const string ControllerManager = "kube-controller-manager";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Fact]
    public async Task Cluster_ThatIsUp_HasBothMastersBehindTheService_AndOneLeaderOfEach()
    {
        await cluster.WaitUntilWellAsync();

        await Eventually.GetAsync(_ => cluster.EndpointsAsync(), addresses => addresses == "172.28.128.11 172.28.128.12", Limit, Cancellation);
        // A lease may have just run out: then nobody leads for a moment, but never two.
        var status = await Eventually.GetAsync(
            async _ => (await cluster.MkAsync("status")).Output,
            output => Count(output, "scheduler leads") == 1 && Count(output, "controller manager leads") == 1,
            Limit,
            Cancellation);
        Assert.Equal(1, Count(status, "etcd leads"));
        Assert.Equal(2, Count(status, "API server ready"));
        Assert.Contains("2 of 2 nodes Ready", status, StringComparison.Ordinal);
        var etcd = (await cluster.MkAsync("etcd", "health")).EnsureSuccess().Output;
        Assert.Equal(3, Count(etcd, " healthy "));
        Assert.Equal(1, Count(etcd, " leader "));
    }

    [Fact]
    public async Task Pods_OfDifferentNodes_ReachEachOther_ByTheirOwnAddresses()
    {
        var steady = await cluster.GetSteadyAsync();
        var pods = (await Kubectl.RunAsync("get", "pods", "-n", steady.Name, "-o", "jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP}{\"\\n\"}{end}"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        Assert.Equal(["node1", "node2"], pods.Select(pod => pod[1]).Distinct().Order());

        var here = pods.First(pod => pod[1] == "node1");
        var there = pods.First(pod => pod[1] == "node2");

        Assert.Contains(there[0], await Kubectl.RunAsync("exec", "-n", steady.Name, here[0], "--", "wget", "-q", "-O", "-", $"http://{there[2]}:8080/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause", "resume")]
    [InlineData("cut", "heal")]
    public async Task Master_ThatLeads_AndIsLost_IsFollowedByTheOther(string fault, string repair)
    {
        var steady = await cluster.GetSteadyAsync();
        var containers = await steady.ContainersAsync();
        var victim = await cluster.LeaderAsync(Scheduler);
        await using var writer = new SteadyWriter(cluster.CreateClient, steady.Name);
        await WritesGoOnAsync(writer);

        var lost = Stopwatch.GetTimestamp();
        (await cluster.MkAsync(fault, victim)).EnsureSuccess();
        try
        {
            await Eventually.GetAsync(_ => cluster.LeaderAsync(Scheduler), leader => leader.Length > 0 && leader != victim, Limit, Cancellation);
            var scheduler = Stopwatch.GetElapsedTime(lost);
            await Eventually.GetAsync(_ => cluster.LeaderAsync(ControllerManager), leader => leader.Length > 0 && leader != victim, Limit, Cancellation);
            var manager = Stopwatch.GetElapsedTime(lost);
            await WritesGoOnAsync(writer);

            // Not only does somebody lead: a pod that is asked for comes, which takes both of them.
            await Kubectl.WaitForAsync(output => output.Contains("scaled", StringComparison.Ordinal), "scale", "rc/hello", "--replicas=4", "-n", steady.Name);
            await Kubectl.WaitForValueAsync("4", ".status.readyReplicas", "rc", "hello", "-n", steady.Name);
            Report($"{fault} {victim}: scheduler led after {Seconds(scheduler)}, controller manager after {Seconds(manager)}, a new pod ran after {Seconds(Stopwatch.GetElapsedTime(lost))}", writer);
        }
        finally
        {
            (await cluster.MkAsync(repair, victim)).EnsureSuccess();
        }

        await NothingIsLostAsync(steady, writer, containers);
        await Kubectl.RunAsync("scale", "rc/hello", "--replicas=3", "-n", steady.Name);
        await Eventually.GetAsync(_ => cluster.EndpointsAsync(), addresses => addresses == "172.28.128.11 172.28.128.12", Limit, Cancellation);
    }

    [Fact]
    public async Task EtcdMember_ThatLeads_AndIsKilled_StopsWritesForAMomentOnly()
    {
        var steady = await cluster.GetSteadyAsync();
        var containers = await steady.ContainersAsync();
        var victim = (await cluster.MkAsync("etcd", "health")).EnsureSuccess().Output.Split('\n').Single(line => line.Contains(" leader ", StringComparison.Ordinal)).Split(' ')[0];
        await using var writer = new SteadyWriter(cluster.CreateClient, steady.Name);
        await WritesGoOnAsync(writer);

        (await cluster.MkAsync("kill", victim)).EnsureSuccess();
        await WritesGoOnAsync(writer);
        Report($"kill {victim}, etcd's leader", writer);
        (await cluster.MkAsync("start", victim)).EnsureSuccess();

        await NothingIsLostAsync(steady, writer, containers);
    }

    [Fact]
    public async Task EtcdMember_Replaced_IsAVoterAgain()
    {
        var steady = await cluster.GetSteadyAsync();
        await using var writer = new SteadyWriter(cluster.CreateClient, steady.Name);
        var before = IdOf("etcd2", (await cluster.MkAsync("etcd", "health")).EnsureSuccess().Output);

        (await cluster.MkAsync("etcd", "replace", "etcd2")).EnsureSuccess();

        var health = (await cluster.MkAsync("etcd", "health")).EnsureSuccess().Output;
        Assert.NotEqual(before, IdOf("etcd2", health));
        Assert.DoesNotContain("learner", health, StringComparison.Ordinal);
        await WritesGoOnAsync(writer);
        Assert.Empty(await writer.StopAndFindLostAsync(Cancellation));
    }

    [Fact]
    public async Task LoadBalancer_Killed_AndStartedAgain_FindsPodsAsTheyWere()
    {
        var steady = await cluster.GetSteadyAsync();
        var containers = await steady.ContainersAsync();
        await using var writer = new SteadyWriter(cluster.CreateClient, steady.Name);
        await WritesGoOnAsync(writer);

        (await cluster.MkAsync("kill", "lb")).EnsureSuccess();
        (await cluster.MkAsync("start", "lb")).EnsureSuccess();
        await WritesGoOnAsync(writer);
        Report("kill lb and start it", writer);

        await NothingIsLostAsync(steady, writer, containers);
    }

    [Fact]
    public async Task Nginx_Killed_IsStartedAgainByItsSupervisor()
    {
        var steady = await cluster.GetSteadyAsync();
        await using var writer = new SteadyWriter(cluster.CreateClient, steady.Name);
        await WritesGoOnAsync(writer);

        (await cluster.MkAsync("kill", "lb/nginx")).EnsureSuccess();
        await WritesGoOnAsync(writer);
        Report("kill lb/nginx", writer);

        Assert.Empty(await writer.StopAndFindLostAsync(Cancellation));
    }

    [Fact]
    public async Task ApiServer_StoppedCleanly_LeavesTheServiceAtOnce_AndComesBack()
    {
        var steady = await cluster.GetSteadyAsync();
        await using var writer = new SteadyWriter(cluster.CreateClient, steady.Name);
        await WritesGoOnAsync(writer);

        (await cluster.MkAsync("stop", "master1/apiserver")).EnsureSuccess();
        Assert.Equal("172.28.128.12", await cluster.EndpointsAsync());
        await WritesGoOnAsync(writer);
        Report("stop master1/apiserver", writer);
        (await cluster.MkAsync("start", "master1/apiserver")).EnsureSuccess();

        await Eventually.GetAsync(_ => cluster.EndpointsAsync(), addresses => addresses == "172.28.128.11 172.28.128.12", Limit, Cancellation);
        Assert.Empty(await writer.StopAndFindLostAsync(Cancellation));
    }

    [Fact]
    public async Task Drain_OfANode_MovesItsPods_OneAfterAnotherWhereABudgetSaysSo()
    {
        await cluster.WaitUntilWellAsync();
        await using var ns = await cluster.CreateNamespaceAsync("drain");
        await Kubectl.ApplyAsync(Guarded, "-n", ns.Name);
        await Kubectl.WaitForValueAsync("node2 node2", ".items[*].spec.nodeName", "pods", "-n", ns.Name);
        await Kubectl.WaitForValueAsync("1", ".status.disruptionsAllowed", "pdb", "guarded", "-n", ns.Name);
        try
        {
            var drained = (await Kubectl.TryAsync("drain", "node2", "--pod-selector=app=guarded", "--timeout=90s")).EnsureSuccess();

            Assert.Contains("node/node2 drained\n", drained.Output, StringComparison.Ordinal);
            Assert.Contains("(will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.", drained.Error, StringComparison.Ordinal);
            await Kubectl.WaitForValueAsync("node1 node1", ".items[*].spec.nodeName", "pods", "-n", ns.Name);
            await Kubectl.WaitForValueAsync("2", ".status.currentHealthy", "pdb", "guarded", "-n", ns.Name);
        }
        finally
        {
            await Kubectl.RunAsync("uncordon", "node2");
        }
    }

    // They would rather be on node2. The budget keeps one of them: the second is evicted only when the first is ready elsewhere.
    private const string Guarded = """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: guarded}
        spec:
          minAvailable: 1
          selector:
            matchLabels: {app: guarded}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: guarded}
        spec:
          replicas: 2
          selector:
            matchLabels: {app: guarded}
          template:
            metadata:
              labels: {app: guarded}
            spec:
              terminationGracePeriodSeconds: 0
              affinity:
                nodeAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                  - weight: 100
                    preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node2]}]}
              containers:
              - {name: main, image: "mk/echo:1", readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1, timeoutSeconds: 5} }
        """;

    /// <summary>Twenty more writes are acknowledged.</summary>
    private static Task<int> WritesGoOnAsync(SteadyWriter writer)
    {
        var enough = writer.Acknowledged + 20;
        return Eventually.GetAsync(_ => Task.FromResult(writer.Acknowledged), count => count >= enough, Limit, Cancellation);
    }

    private async Task NothingIsLostAsync(TestNamespace steady, SteadyWriter writer, HashSet<string> containers)
    {
        await cluster.WaitUntilWellAsync();
        Assert.Empty(await writer.StopAndFindLostAsync(Cancellation));
        Assert.Subset(await steady.ContainersAsync(), containers);
    }

    private static void Report(string what, SteadyWriter writer) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{what}: {writer.Acknowledged} writes acknowledged, {writer.Failures} tries failed, longest gap {Seconds(writer.LongestGap)}");

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);

    private static int Count(string text, string word) => text.Split(word).Length - 1;

    private static string IdOf(string member, string health) =>
        health.Split('\n').Single(line => line.StartsWith(member, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
