using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Hosting.Commands;
using MiniKube.Proxy.Applying;
using MiniKube.TestSupport;

namespace MiniKube.Proxy.Tests.Kernel;

/// <summary>The rules in a real kernel: who answers.</summary>
[Trait("Needs", "Machine")]
public sealed class KernelTests(ServiceNetwork network) : IClassFixture<ServiceNetwork>
{
    private const string Vip = "10.96.0.10:80";

    [Theory]
    [InlineData("pod1", Vip)]
    [InlineData("node", Vip)]
    [InlineData("client", Vip)]
    [InlineData("client", ServiceNetwork.NodeAddress + ":30080")]
    [InlineData("node", ServiceNetwork.NodeAddress + ":30080")]
    [InlineData("node", "127.0.0.1:30080")]
    [InlineData("pod1", ServiceNetwork.NodeAddress + ":30080")]
    [InlineData("client", "192.0.2.10:80")]
    public async Task Ask_TwoEndpoints_BothAnswer(string from, string target)
    {
        await ApplyAsync(Service("TCP", ServiceNetwork.Pod1, ServiceNetwork.Pod2));

        var answers = await AskAsync(from, target, times: 30);

        Assert.Equal(["pod1", "pod2"], answers.Distinct().Order());
    }

    [Fact]
    public async Task Ask_OnlyEndpointAsksItself_IsAnswered()
    {
        await ApplyAsync(Service("TCP", ServiceNetwork.Pod1));

        Assert.Equal("pod1", await network.AskAsync("pod1", Vip));
    }

    [Theory]
    [InlineData("pod1", Vip)]
    [InlineData("node", Vip)]
    [InlineData("client", ServiceNetwork.NodeAddress + ":30080")]
    public async Task Ask_NoEndpoints_IsRefusedAtOnce(string from, string target)
    {
        await ApplyAsync(Service("TCP"));

        var failure = await Assert.ThrowsAsync<CommandException>(() => network.AskAsync(from, target));

        Assert.Contains("Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_WithAffinity_OneEndpointAnswersAll()
    {
        await ApplyAsync(Service("TCP", ServiceNetwork.Pod1, ServiceNetwork.Pod2).Replace(
            "clusterIP:", "sessionAffinity: ClientIP\n  clusterIP:", StringComparison.Ordinal));

        Assert.Single((await AskAsync("client", Vip, times: 12)).Distinct());
    }

    [Fact]
    public async Task Ask_EndpointRemoved_NoRequestFails()
    {
        var applier = network.CreateApplier();
        await applier.ApplyAsync(ServiceNetwork.Render(Service("TCP", ServiceNetwork.Pod1, ServiceNetwork.Pod2)), CancellationToken.None);
        await applier.ApplyAsync(ServiceNetwork.Render(Service("TCP", ServiceNetwork.Pod2)), CancellationToken.None);

        Assert.All(await AskAsync("client", Vip, times: 12), answer => Assert.Equal("pod2", answer));
        Assert.DoesNotContain("10.244.0.2", await network.InAsync("node", "iptables-save", "-t", "nat"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Udp_EndpointReplaced_TheSameClientReachesTheNewOne()
    {
        var applier = network.CreateApplier();
        var before = Service("UDP", ServiceNetwork.Pod1);
        var after = Service("UDP", ServiceNetwork.Pod2);
        await applier.ApplyAsync(ServiceNetwork.Render(before), CancellationToken.None);
        Assert.Equal("pod1", await AskUdpAsync());

        await applier.ApplyAsync(ServiceNetwork.Render(after), CancellationToken.None);
        await new ConntrackCleaner(network.NodeCommands, NullLogger<ConntrackCleaner>.Instance).ForgetAsync(
            StaleFlows.Between(ClusterState.Rules(before), ClusterState.Rules(after)), CancellationToken.None);

        Assert.Equal("pod2", await AskUdpAsync());
    }

    [Fact]
    public async Task Tcp_EndpointDiedAsItWasAsked_TheNextTryReachesAnother()
    {
        const string Dead = "10.244.0.9";
        await network.InAsync("node", "ip", "route", "replace", Dead, "dev", "pod1");
        await network.InAsync("node", "ip", "neigh", "replace", Dead, "lladdr", "02:00:00:00:00:09", "dev", "pod1", "nud", "permanent");
        var applier = network.CreateApplier();
        var (before, after) = (Service("TCP", Dead), Service("TCP", ServiceNetwork.Pod2));
        await applier.ApplyAsync(ServiceNetwork.Render(before), CancellationToken.None);
        var asking = network.RunInAsync("client", "socat", "-t5", "-T5", "-", $"TCP:{Vip},connect-timeout=60");
        await Eventually.GetAsync(
            async _ => (await network.RunInAsync("node", "conntrack", "-L", "-p", "tcp", "--state", "SYN_SENT")).Output,
            flows => flows.Contains($"src={Dead}", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);

        await applier.ApplyAsync(ServiceNetwork.Render(after), CancellationToken.None);
        await new ConntrackCleaner(network.NodeCommands, NullLogger<ConntrackCleaner>.Instance).ForgetAsync(
            StaleFlows.Between(ClusterState.Rules(before), ClusterState.Rules(after)), CancellationToken.None);

        Assert.Equal("pod2", (await asking).ThrowIfFailed().Output.Trim());
    }

    [Fact]
    public async Task Apply_ForeignRules_AreLeftAlone()
    {
        await network.InAsync("node", "iptables", "-t", "nat", "-N", "FOREIGN");
        await network.InAsync("node", "iptables", "-t", "nat", "-A", "FOREIGN", "-d", "198.51.100.1", "-j", "ACCEPT");
        await network.InAsync("node", "iptables", "-A", "FORWARD", "-s", "198.51.100.2", "-j", "DROP");
        await network.InAsync("node", "iptables", "-t", "mangle", "-A", "FORWARD", "-s", "198.51.100.3", "-j", "ACCEPT");

        await ApplyAsync(Service("TCP", ServiceNetwork.Pod1));
        await ApplyAsync("");

        var rules = await network.InAsync("node", "iptables-save");
        Assert.Contains("-A FOREIGN -d 198.51.100.1/32 -j ACCEPT", rules, StringComparison.Ordinal);
        Assert.Contains("-A FORWARD -s 198.51.100.2/32 -j DROP", rules, StringComparison.Ordinal);
        Assert.Contains("-A FORWARD -s 198.51.100.3/32 -j ACCEPT", rules, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_AfterARestart_DeletesWhatIsStaleAndKeepsOneJumpEach()
    {
        await ApplyAsync(Service("TCP", ServiceNetwork.Pod1));

        await ApplyAsync("");

        var rules = await network.InAsync("node", "iptables-save");
        Assert.DoesNotContain("KUBE-SVC-", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("KUBE-SEP-", rules, StringComparison.Ordinal);
        Assert.Single(rules.Split('\n'), line => line.StartsWith("-A PREROUTING", StringComparison.Ordinal) && line.Contains("KUBE-SERVICES", StringComparison.Ordinal));
    }

    [Fact]
    public async Task IsIntact_TablesFlushed_NoticesAndRepairs()
    {
        var applier = network.CreateApplier();
        var tables = ServiceNetwork.Render(Service("TCP", ServiceNetwork.Pod1));
        await applier.ApplyAsync(tables, CancellationToken.None);
        Assert.True(await applier.IsIntactAsync(CancellationToken.None));

        await network.InAsync("node", "iptables", "-t", "nat", "-F");
        await network.InAsync("node", "iptables", "-t", "nat", "-X");
        Assert.False(await applier.IsIntactAsync(CancellationToken.None));
        applier.Distrust();
        await applier.ApplyAsync(tables, CancellationToken.None);

        Assert.Equal("pod1", await network.AskAsync("client", Vip));
    }

    private static string Service(string protocol, params string[] endpoints) => $$$"""
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          type: NodePort
          clusterIP: 10.96.0.10
          externalIPs: [192.0.2.10]
          ports: [{port: 80, protocol: {{{protocol}}}, nodePort: 30080}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: "", port: 8080, protocol: {{{protocol}}}}]
        endpoints: [{{{string.Join(", ", endpoints.Select(address => "{addresses: [" + address + "]}"))}}}]
        """;

    // A new applier each time: as after a restart.
    private Task ApplyAsync(string yaml) => network.CreateApplier().ApplyAsync(ServiceNetwork.Render(yaml), CancellationToken.None);

    private async Task<List<string>> AskAsync(string from, string target, int times)
    {
        var answers = new List<string>();
        for (var i = 0; i < times; i++)
        {
            answers.Add(await network.AskAsync(from, target));
        }

        return answers;
    }

    // From one port, so that the kernel takes it for one connection.
    private async Task<string> AskUdpAsync() => (await network.RunInAsync(
        "client", ["socat", "-t3", "-T3", "-", "UDP:10.96.0.10:80,sourceport=40000"], "hello\n")).Output.Trim();
}
