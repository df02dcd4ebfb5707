using System.Globalization;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Storage.Etcd;
using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Overlay.Tests.Kernel;

/// <summary>Three nodes in a real kernel with a real etcd: who reaches whom, and what remains after somebody leaves.</summary>
[Trait("Needs", "Machine")]
public sealed class OverlayTests : IAsyncLifetime
{
    private const string Prefix = "/coreos.com/network";
    private const string Vxlan = """{"Network":"10.244.0.0/16","SubnetLen":24,"Backend":{"Type":"vxlan","VNI":1,"Port":8472}}""";
    private const string HostGateway = """{"Network":"10.244.0.0/16","SubnetLen":24,"Backend":{"Type":"host-gw"}}""";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly EtcdProcess _etcd = new();
    private readonly OverlayNetwork _network = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<(int Node, OverlayAgent Agent, EtcdStore Store)> _agents = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _etcd.StartAsync(Cancelled);
        await _network.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (node, _, _) in _agents.ToList())
        {
            await StopAsync(node);
        }

        await _network.DisposeAsync();
        await _etcd.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Vxlan, "1450")]
    [InlineData(HostGateway, "1500")]
    public async Task Pods_OfThreeNodes_ReachEachOtherWithTheirOwnAddresses(string config, string mtu)
    {
        await EtcdctlAsync("put", Prefix + "/config", config);
        var nodes = await StartAllAsync();
        Assert.All(nodes, node => Assert.Equal(mtu, node.Mtu));
        foreach (var node in OverlayNetwork.Nodes)
        {
            await _network.AddPodAsync(node, nodes[node - 1]);
        }

        foreach (var from in OverlayNetwork.Nodes)
        {
            foreach (var to in OverlayNetwork.Nodes)
            {
                // So many bytes that packets are as large as they may be.
                await Eventually.GetAsync(
                    _ => _network.AskAsync($"pod{from}", nodes[to - 1].PodAddress, 200_000),
                    answer => answer == $"{nodes[from - 1].PodAddress} 200000",
                    Deadline,
                    Cancelled);
            }
        }

        // From the node itself: with whatever address, but answered.
        await Eventually.GetAsync(_ => _network.AskAsync("node1", nodes[1].PodAddress, 10), answer => answer.EndsWith(" 10", StringComparison.Ordinal), Deadline, Cancelled);
    }

    [Theory]
    [InlineData(Vxlan)]
    [InlineData(HostGateway)]
    public async Task Peer_LeaseEnds_ItsRouteGoesWithIt(string config)
    {
        await EtcdctlAsync("put", Prefix + "/config", config);
        await StartAsync(1);

        var lease = (await EtcdctlAsync("lease", "grant", "600")).Split(' ')[1];
        var type = config == Vxlan ? """ "vxlan","BackendData":{"VNI":1,"VtepMAC":"02:00:00:00:00:09"}""" : " \"host-gw\"";
        await EtcdctlAsync("put", $"--lease={lease}", Prefix + "/subnets/10.244.0.0-24", $$"""{"PublicIP":"172.28.128.39","PublicIPv6":null,"BackendType":{{type}}}""");

        await UntilRoutesAsync(1, routes => routes.Contains("10.244.0.0/24", StringComparison.Ordinal));

        // As when its time is over: etcd deletes the key. A lease so short that it ended by itself could end before the route was seen.
        await EtcdctlAsync("lease", "revoke", lease);
        await UntilRoutesAsync(1, routes => !routes.Contains("10.244.0.0/24", StringComparison.Ordinal));
        if (config == Vxlan)
        {
            await Eventually.GetAsync(_ => _network.InAsync("node1", "bridge fdb show dev flannel.1"), entries => entries.Length == 0, Deadline, Cancelled);
        }
    }

    [Fact]
    public async Task Node_LosesItsLeaseWhileAway_ComesBackWithTheSameSubnetAndDevice()
    {
        await EtcdctlAsync("put", Prefix + "/config", Vxlan);
        var before = await StartAllAsync();
        var route = before[1].Key.Replace('-', '/');
        await UntilRoutesAsync(1, routes => routes.Contains(route, StringComparison.Ordinal));
        var device = await DeviceAsync(2);

        await StopAsync(2);
        await EtcdctlAsync("del", $"{Prefix}/subnets/{before[1].Key}");
        await UntilRoutesAsync(1, routes => !routes.Contains(route, StringComparison.Ordinal));
        var after = await StartAsync(2);

        Assert.Equal(before[1].Bridge, after.Bridge);
        Assert.Equal(device, await DeviceAsync(2));
        await UntilRoutesAsync(1, routes => routes.Contains(route, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lease_DeletedWhileTheNodeIsThere_IsTakenAgainForADay()
    {
        await EtcdctlAsync("put", Prefix + "/config", HostGateway);
        var node = await StartAsync(1);
        var key = $"{Prefix}/subnets/{node.Key}";

        await EtcdctlAsync("del", key);

        await Eventually.GetAsync(_ => EtcdctlAsync("get", key), answer => answer.Contains("172.28.128.31", StringComparison.Ordinal), Deadline, Cancelled);
        var leases = (await EtcdctlAsync("lease", "list")).Split('\n').Skip(1).Select(line => line.Trim()).ToList();
        var left = await Task.WhenAll(leases.Select(lease => EtcdctlAsync("lease", "timetolive", "--keys", lease)));
        Assert.Contains(left, line => line.Contains(key, StringComparison.Ordinal) && SecondsLeft(line) is > 86_000 and < 86_500);
    }

    [Fact]
    public async Task Firewall_Flushed_IsWrittenAgain()
    {
        await EtcdctlAsync("put", Prefix + "/config", Vxlan);
        var node = await StartAsync(1);
        var subnet = node.Key.Replace('-', '/');
        var rules = await _network.InAsync("node1", "iptables-save");
        Assert.Contains("-A POSTROUTING -m comment --comment \"flanneld masq\" -j FLANNEL-POSTRTG", rules, StringComparison.Ordinal);
        Assert.Contains($"-A FLANNEL-POSTRTG -s {subnet} -d 10.244.0.0/16 -m comment --comment \"flanneld masq\" -j RETURN", rules, StringComparison.Ordinal);
        Assert.Contains("-A FLANNEL-FWD -s 10.244.0.0/16 -m comment --comment \"flanneld forward\" -j ACCEPT", rules, StringComparison.Ordinal);

        await _network.InAsync("node1", "iptables -t nat -F");

        await Eventually.GetAsync(_ => _network.InAsync("node1", "iptables-save"), now => Lines(now).SequenceEqual(Lines(rules)), Deadline, Cancelled);
    }

    // Without counters and comments of its own.
    private static IEnumerable<string> Lines(string rules) => rules.Split('\n').Where(line => line.StartsWith("-A", StringComparison.Ordinal)).Order();

    private static int SecondsLeft(string line)
    {
        const string Before = "remaining(";
        var text = line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..].Split('s')[0];
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    // Its number and its MAC.
    private Task<string> DeviceAsync(int node) => _network.InAsync($"node{node}", "ip -o link show flannel.1");

    private Task<string> UntilRoutesAsync(int node, Func<string, bool> satisfies) =>
        Eventually.GetAsync(_ => _network.InAsync($"node{node}", "ip route show"), satisfies, Deadline, Cancelled);

    private async Task<string> EtcdctlAsync(params string[] arguments)
    {
        var input = new CommandInput { Environment = new Dictionary<string, string> { ["ETCDCTL_API"] = "3" }, Timeout = Deadline };
        var result = await CommandRunner.RunAsync("etcdctl", ["--endpoints", _etcd.Address.ToString(), .. arguments], input, Cancelled);
        return result.EnsureSuccess().Output.Trim();
    }

    private async Task<IReadOnlyList<SubnetEnvironment>> StartAllAsync() => await Task.WhenAll(OverlayNetwork.Nodes.Select(StartAsync));

    private async Task<SubnetEnvironment> StartAsync(int node)
    {
        var file = _folder.File(string.Create(CultureInfo.InvariantCulture, $"node{node}.env"));
        var options = new OverlayOptions
        {
            Interface = "eth0",
            SubnetFile = file,
            IpMasq = true,
            IptablesResync = TimeSpan.FromSeconds(1),
        };
        var started = File.Exists(file) ? File.GetLastWriteTimeUtc(file) : DateTime.MinValue;
        var store = _etcd.Connect();
        var agent = new OverlayAgent(store, _network.CommandsOf(node), options, TimeProvider.System, NullLogger<OverlayAgent>.Instance);
        lock (_agents)
        {
            _agents.Add((node, agent, store));
        }

        await agent.StartAsync(Cancelled);
        await Eventually.GetAsync(_ => Task.FromResult(File.Exists(file) && File.GetLastWriteTimeUtc(file) > started), isThere => isThere, Deadline, Cancelled);
        return SubnetEnvironment.Parse(await File.ReadAllTextAsync(file, Cancelled));
    }

    private async Task StopAsync(int node)
    {
        var entry = _agents.Single(each => each.Node == node);
        _agents.Remove(entry);
        await entry.Agent.StopAsync(CancellationToken.None);
        entry.Agent.Dispose();
        await entry.Store.DisposeAsync();
    }
}
