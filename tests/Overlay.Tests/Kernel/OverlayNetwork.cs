using System.Diagnostics;
using System.Globalization;

using MiniKube.Hosting.Commands;

namespace MiniKube.Overlay.Tests.Kernel;

/// <summary>
/// Three nodes on a wire, each a network namespace, with a pod each. Nothing is touched in the machine's own namespace. A pod answers on port 8080
/// with the address it was asked from and how many bytes it was sent.
/// </summary>
internal sealed class OverlayNetwork : IAsyncDisposable
{
    private static int _count;

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"mko{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-");
    private readonly Hosting.Commands.CommandRunner _commands = new();
    private readonly List<Process> _servers = [];

    public static IReadOnlyList<int> Nodes => [1, 2, 3];

    public static string NodeAddress(int node) => string.Create(CultureInfo.InvariantCulture, $"172.28.128.{30 + node}");

    public async Task CreateAsync()
    {
        await AddAsync("wire");
        await InAsync("wire", "ip link add br0 type bridge forward_delay 0");
        await InAsync("wire", "ip link set br0 up");

        // Or the machine's firewall rules for bridges would look at what is on the wire.
        await InAsync("wire", "sysctl -qw net.bridge.bridge-nf-call-iptables=0");
        foreach (var node in Nodes)
        {
            await AddAsync($"node{node}");
            await AddAsync($"pod{node}");
            await InAsync("wire", $"ip link add v{node} type veth peer name eth0 netns {_prefix}node{node}");
            await InAsync("wire", $"ip link set v{node} master br0 up");
            await InAsync($"node{node}", $"ip addr add {NodeAddress(node)}/24 dev eth0");
            await InAsync($"node{node}", "ip link set eth0 up");
            await InAsync($"node{node}", "sysctl -qw net.ipv4.ip_forward=1");
        }
    }

    /// <summary>Gives a node's bridge the first address of its subnet, and a pod the second, as Docker does with what subnet.env says.</summary>
    public async Task AddPodAsync(int node, SubnetEnvironment environment)
    {
        var host = $"node{node}";
        await InAsync(host, "ip link add cni0 type bridge");
        await InAsync(host, $"ip addr add {environment.Bridge} dev cni0");
        await InAsync(host, $"ip link set cni0 mtu {environment.Mtu} up");
        await InAsync(host, $"ip link add pod type veth peer name eth0 netns {_prefix}pod{node}");
        await InAsync(host, "ip link set pod master cni0 up");
        await InAsync($"pod{node}", $"ip addr add {environment.Pod} dev eth0");
        await InAsync($"pod{node}", $"ip link set eth0 mtu {environment.Mtu} up");
        await InAsync($"pod{node}", $"ip route add default via {environment.Bridge.Split('/')[0]}");
        _servers.Add(Process.Start(new ProcessStartInfo(
            "nsenter", [$"--net=/run/netns/{_prefix}pod{node}", "socat", "-t20", "TCP-LISTEN:8080,fork,reuseaddr", "SYSTEM:echo $SOCAT_PEERADDR $(wc -c)"])
        { RedirectStandardError = true })!);
    }

    /// <summary>What a pod answers to that many bytes; the words of the failure if it does not.</summary>
    public async Task<string> AskAsync(string host, string address, int bytes)
    {
        var outcome = await RunInAsync(host, ["socat", "-t20", "-T20", "-", $"TCP:{address}:8080,connect-timeout=5"], new string('x', bytes), CancellationToken.None);
        return (outcome.Output + outcome.Error).Trim();
    }

    public async Task<string> InAsync(string host, string command) =>
        (await RunInAsync(host, command.Split(' '), "", CancellationToken.None)).ThrowIfFailed().Output;

    public ICommandRunner CommandsOf(int node) => new NamespaceRunner(this, $"node{node}");

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
            server.Dispose();
        }

        // The links first, or the other end lingers.
        foreach (var node in Nodes)
        {
            await RunInAsync("wire", ["ip", "link", "del", $"v{node}"], "", CancellationToken.None);
            await RunInAsync($"node{node}", ["ip", "link", "del", "pod"], "", CancellationToken.None);
        }

        foreach (var host in Nodes.SelectMany(node => (string[])[$"node{node}", $"pod{node}"]).Append("wire"))
        {
            await _commands.RunAsync("ip", ["netns", "del", _prefix + host], "", CancellationToken.None);
        }
    }

    private async Task AddAsync(string host)
    {
        (await _commands.RunAsync("ip", ["netns", "add", _prefix + host], "", CancellationToken.None)).ThrowIfFailed();
        await InAsync(host, "ip link set lo up");
    }

    private Task<CommandOutcome> RunInAsync(string host, IReadOnlyList<string> command, string input, CancellationToken cancellationToken) =>
        _commands.RunAsync("nsenter", [$"--net=/run/netns/{_prefix}{host}", .. command], input, cancellationToken);

    private sealed class NamespaceRunner(OverlayNetwork network, string host) : ICommandRunner
    {
        public Task<CommandOutcome> RunAsync(string command, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken) =>
            network.RunInAsync(host, [command, .. arguments], input, cancellationToken);
    }
}
