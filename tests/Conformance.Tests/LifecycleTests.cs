using System.Text.RegularExpressions;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>A cluster's life on the machine: seen, brought up again, beside another, and gone without a trace.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class LifecycleTests(EmbeddedCluster cluster)
{
    private static readonly string[] Units = ["containerd", "controlplane", "dockerd", "gateway", "kubelet", "proxy"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_OfAClusterThatRuns_ShowsHostUnitsAndNodes()
    {
        var status = (await cluster.MkAsync("status")).EnsureSuccess().Output;

        Assert.Matches(@"^HOST +ADDRESS +STATE +UNIT +PID +FOR +RESTARTS +NOW *\nnode1 +172\.28\.128\.31 +up ", status);
        Assert.Equal(Units, Regex.Matches(status, @"^(?:node1 \S+ +up)? +(\w+) +\d+ +\d+ s +\d+ ", RegexOptions.Multiline).Select(match => match.Groups[1].Value));
        Assert.Matches(@"\nAPI server https://127\.0\.0\.1:\d+ ready, 1 of 1 nodes Ready\n$", status);
    }

    [Fact]
    public async Task Status_WithAUnitDown_NamesItAndFailsWith1()
    {
        await cluster.OnNodeAsync("sv", "down", "/etc/service/proxy");
        try
        {
            var status = await Eventually.GetAsync(
                _ => cluster.MkAsync("status"), result => Regex.IsMatch(result.Output, @"\n +proxy +down "), Limit, Cancellation);
            Assert.Equal(1, status.ExitCode);
        }
        finally
        {
            await cluster.OnNodeAsync("sv", "up", "/etc/service/proxy");
        }

        await Eventually.GetAsync(_ => cluster.MkAsync("status"), result => result.ExitCode == 0, Limit, Cancellation);
    }

    [Fact]
    public async Task Status_OfNoCluster_SaysHowToMakeOne()
    {
        var status = await RunMkAsync(["status", "--name", "conformance-nowhere"], new CommandInput());

        Assert.Equal("There is no cluster conformance-nowhere. Make it with: mk up --name conformance-nowhere\n", status.Output);
        Assert.Equal(1, status.ExitCode);
    }

    [Fact]
    public async Task Logs_OfAUnit_AreWhatItWrote_AndOfNoUnit_AnErrorThatListsThem()
    {
        var log = (await cluster.MkAsync("logs", "kubelet")).EnsureSuccess().Output;
        Assert.Contains("Registered node node1", log, StringComparison.Ordinal);

        var refused = await cluster.MkAsync("logs", "kubelets");
        Assert.Equal($"mk: No unit kubelets has written anything. Units: {string.Join(", ", Units.Select(unit => $"node1/{unit}"))}\n", refused.Error);
        Assert.Equal(1, refused.ExitCode);
    }

    [Fact]
    public async Task Up_OfAClusterThatIsUp_ChangesNothing()
    {
        await using var ns = await cluster.CreateNamespaceAsync("again");
        await Kubectl.ApplyAsync(Workloads.Pod("stays", "mk/echo:1", "Never"), "-n", ns.Name);
        await Kubectl.WaitForValueAsync("Running", ".status.phase", "pod", "stays", "-n", ns.Name);
        var before = await StateAsync(ns.Name);

        var up = (await cluster.MkAsync("up")).EnsureSuccess().Output;

        Assert.Contains("Host node1 (is up already)", up, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(ns.Name));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("power cut")]
    public async Task Cluster_ThatWasStopped_OrFell_StartsWithAllThatItHad(string end)
    {
        await using var ns = await cluster.CreateNamespaceAsync("again");
        await Kubectl.RunAsync("create", "-n", ns.Name, "-f", "manifests/hello/service.yaml", "-f", "manifests/hello/rc.yaml");
        await Kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        await Kubectl.ApplyAsync(Workloads.Pod("alone", "mk/echo:1", "Never"), "-n", ns.Name);
        await Kubectl.WaitForValueAsync("Running", ".status.phase", "pod", "alone", "-n", ns.Name);
        var before = await ObjectsAsync(ns.Name);
        var machineName = (await cluster.OnNodeAsync("cat", "/run/mk/cgroup")).Split('/')[0];

        if (end == "stop")
        {
            (await cluster.MkAsync("stop")).EnsureSuccess();
            Assert.Empty(MachineState.TracesOf(machineName, cluster.Folder));
        }
        else
        {
            await CutPowerAsync(machineName);
        }

        Assert.Equal(1, (await cluster.MkAsync("status")).ExitCode);
        (await cluster.MkAsync("start")).EnsureSuccess();

        // Each container was ended once by what happened, and started once.
        await Kubectl.WaitForAsync(
            restarts => restarts == "1 1 1 1", "get", "pods", "-n", ns.Name, "-o", "jsonpath={.items[*].status.containerStatuses[0].restartCount}");
        await Kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        await cluster.WaitForServiceAsync(ns.Name, "hello");
        Assert.Equal(before, await ObjectsAsync(ns.Name));
    }

    [Fact]
    public async Task SecondCluster_RunsBesideTheFirst_AndDownLeavesNothingOfIt()
    {
        await using var second = new SecondCluster();
        var before = await MachineAsync();
        await second.InitializeAsync();
        var machineName = (await second.OnNodeAsync("cat", "/run/mk/cgroup")).Split('/')[0];
        await RunPodWithAnImageOfTheFirstAsync(second);
        await AssertApartAsync(second);
        Assert.NotEmpty(MachineState.TracesOf(machineName, second.Folder));

        (await second.MkAsync("down")).EnsureSuccess();

        Assert.Empty(MachineState.TracesOf(machineName, second.Folder));
        Assert.Equal(before, await Eventually.GetAsync(_ => MachineAsync(), state => state == before, Limit, Cancellation));
        Assert.Equal(["images"], Directory.EnumerateFileSystemEntries(second.Folder).Select(Path.GetFileName));
        (await cluster.MkAsync("status")).EnsureSuccess();

        (await second.MkAsync("down", "--images")).EnsureSuccess();
        Assert.False(Directory.Exists(second.Folder));
        Assert.Contains("there were none", (await second.MkAsync("down")).EnsureSuccess().Output, StringComparison.Ordinal);
    }

    /// <summary>Every process of the cluster is killed at once, supervisors first, and its network is gone: what a machine that is switched off and on finds.</summary>
    private async Task CutPowerAsync(string machineName)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(cluster.Folder, "hosts/node1/pid"), Cancellation)).Trim();
        (await CommandRunner.RunAsync("kill", ["-9", pid], new CommandInput(), Cancellation)).EnsureSuccess();
        await Eventually.GetAsync(
            _ => Task.FromResult(MachineState.TracesOf(machineName, cluster.Folder).Where(trace => trace.StartsWith("process", StringComparison.Ordinal)).ToList()),
            processes => processes.Count == 0,
            Limit,
            Cancellation);
        (await CommandRunner.RunAsync("ip", ["netns", "del", $"{machineName}-wire"], new CommandInput(), Cancellation)).EnsureSuccess();
    }

    /// <summary>Who the objects are, and the addresses that are theirs for good.</summary>
    private Task<string> ObjectsAsync(string ns) => Kubectl.RunAsync(
        "get",
        "pods,rc,services,endpoints,configmaps,serviceaccounts,nodes",
        "-n",
        ns,
        "-o",
        "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.spec.clusterIP} {.spec.nodeName} {.spec.podCIDR}{\"\\n\"}{end}");

    /// <summary>To the second cluster the first one's Docker is what the machine's own would be.</summary>
    private async Task RunPodWithAnImageOfTheFirstAsync(ClusterFixture second)
    {
        var image = $"mk/shared-{Guid.NewGuid().ToString("N")[..8]}:1";
        await new NodeImages(cluster).MakeAsync(image, "shared");
        var pid = (await File.ReadAllTextAsync(Path.Combine(cluster.Folder, "hosts/node1/pid"), Cancellation)).Trim();

        var load = await RunMkAsync(
            ["load", "--name", second.Name, image],
            new CommandInput { Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = $"unix:///proc/{pid}/root/run/docker.sock" } });

        Assert.Equal($"Loaded image: {image}\n", load.EnsureSuccess().Output);
        var kubectl = second.Kubectl(Versions.Newest);
        await kubectl.ApplyAsync(Workloads.Pod("shared", image, "Never"), "-n", "default");
        await kubectl.WaitForValueAsync("Running", ".status.phase", "pod", "shared", "-n", "default");
        await kubectl.WaitForAsync(log => log == "shared\n", "logs", "shared", "-n", "default");
    }

    private async Task AssertApartAsync(ClusterFixture second)
    {
        var other = second.Kubectl(Versions.Newest);
        Assert.NotEqual(await Kubectl.ValueAsync(".metadata.uid", "node", "node1"), await other.ValueAsync(".metadata.uid", "node", "node1"));
        Assert.Equal("", await Kubectl.RunAsync("get", "pods", "-n", "default", "-o", "name"));
        Assert.Equal("pod/shared\n", await other.RunAsync("get", "pods", "-n", "default", "-o", "name"));
        (await cluster.MkAsync("status")).EnsureSuccess();
        (await second.MkAsync("status")).EnsureSuccess();
    }

    /// <summary>All that another <c>up</c> could disturb: the units' processes, the containers, and who the node and the user are.</summary>
    private async Task<string> StateAsync(string ns)
    {
        var status = (await cluster.MkAsync("status")).EnsureSuccess().Output;
        return string.Join(
            '\n',
            Regex.Replace(status, @"\d+ s +", ""),
            await Kubectl.ValueAsync(".status.containerStatuses[0]['containerID','restartCount']", "pod", "stays", "-n", ns),
            await Kubectl.ValueAsync(".metadata.uid", "node", "node1"),
            await File.ReadAllTextAsync(Path.Combine(cluster.Folder, "kubeconfig"), Cancellation),
            await File.ReadAllTextAsync(Path.Combine(cluster.Folder, "cluster.json"), Cancellation));
    }

    /// <summary>What is the machine's own and no cluster's: its network, and what lies where programs put their files.</summary>
    private static async Task<string> MachineAsync() => string.Join(
        '\n',
        [
            await MachineState.NetworkAsync(Cancellation),
            .. ((string[])["/etc", "/run", "/var/lib", "/var/log"]).SelectMany(Directory.EnumerateFileSystemEntries).Order(StringComparer.Ordinal),
        ]);

    private static Task<CommandResult> RunMkAsync(string[] arguments, CommandInput input) =>
        CommandRunner.RunAsync(Path.Combine(RepositoryRoot.Path, "mk"), arguments, input, Cancellation);

    private sealed class SecondCluster() : ClusterFixture("conformance-beside");
}
