using System.Diagnostics;
using System.Globalization;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Hosting.Commands;
using MiniKube.Proxy.Applying;
using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Rules;
using MiniKube.TestSupport;

namespace MiniKube.Proxy.Tests.Kernel;

/// <summary>
/// A node with two pods and a client outside, each a network namespace: the node routes between them and holds the rules. Nothing is touched
/// in the machine's own namespace. The pods answer on port 8080, TCP and UDP, with their names.
/// </summary>
public sealed class ServiceNetwork : IAsyncLifetime
{
    public const string Pod1 = "10.244.0.2";
    public const string Pod2 = "10.244.0.3";
    public const string NodeAddress = "172.30.0.1";

    private const string Gateway = "169.254.1.1";

    private static int _count;

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"mkp{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-");
    private readonly Hosting.Commands.CommandRunner _commands = new();
    private readonly List<Process> _servers = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var host in (string[])["node", "pod1", "pod2", "client"])
        {
            await MustAsync("ip", "netns", "add", _prefix + host);
            await InAsync(host, "ip", "link", "set", "lo", "up");
        }

        await AddPodAsync("pod1", Pod1);
        await AddPodAsync("pod2", Pod2);
        await LinkAsync("client", "172.30.0.2/24");
        await InAsync("node", "ip", "addr", "add", NodeAddress + "/24", "dev", "client");
        await InAsync("client", "ip", "route", "add", "default", "via", NodeAddress);
        // A service address needs a route, or connect() fails before any rule is asked.
        await InAsync("node", "ip", "route", "add", "10.96.0.0/12", "dev", "client");
        await InAsync(
            "node", "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.route_localnet=1", "net.ipv4.conf.all.send_redirects=0",
            "net.ipv4.conf.all.rp_filter=0");
        await WaitForServersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
            server.Dispose();
        }

        // The links first, or the other end lingers.
        foreach (var link in (string[])["pod1", "pod2", "client"])
        {
            await RunInAsync("node", "ip", "link", "del", link);
        }

        foreach (var host in (string[])["node", "pod1", "pod2", "client"])
        {
            await _commands.RunAsync("ip", ["netns", "del", _prefix + host], "", CancellationToken.None);
        }
    }

    /// <summary>Runs the node's commands where its rules are.</summary>
    internal ICommandRunner NodeCommands => new NamespaceRunner(this);

    internal IptablesApplier CreateApplier() => new(IPFamily.IPv4, NodeCommands, NullLogger<IptablesApplier>.Instance);

    internal static IReadOnlyList<IptablesTable> Render(string yaml) =>
        IptablesRenderer.Render(ClusterState.Rules(yaml), new IptablesOptions { ClusterCidr = "10.244.0.0/16" });

    /// <summary>Who answers on an address, asked from a host; throws when nobody does.</summary>
    internal async Task<string> AskAsync(string host, string target)
    {
        var outcome = await RunInAsync(host, "socat", "-t5", "-T5", "-", $"TCP:{target},connect-timeout=3");
        return outcome.ThrowIfFailed().Output.Trim();
    }

    internal async Task<CommandOutcome> RunInAsync(string host, params string[] command) => await RunInAsync(host, command, "");

    internal async Task<string> InAsync(string host, params string[] command)
    {
        var outcome = await RunInAsync(host, command);
        return outcome.ThrowIfFailed().Output;
    }

    internal Task<CommandOutcome> RunInAsync(string host, IReadOnlyList<string> command, string input) =>
        _commands.RunAsync("nsenter", [$"--net=/run/netns/{_prefix}{host}", .. command], input, CancellationToken.None);

    private async Task MustAsync(string command, params string[] arguments)
    {
        var outcome = await _commands.RunAsync(command, arguments, "", CancellationToken.None);
        outcome.ThrowIfFailed();
    }

    // A link of its own to the node, as with many network plugins: no bridge that would take short cuts.
    private async Task AddPodAsync(string pod, string address)
    {
        await LinkAsync(pod, address + "/32");
        await InAsync("node", "ip", "addr", "add", Gateway + "/32", "dev", pod);
        await InAsync("node", "ip", "route", "add", address, "dev", pod);
        await InAsync(pod, "ip", "route", "add", Gateway, "dev", "eth0");
        await InAsync(pod, "ip", "route", "add", "default", "via", Gateway);
        Serve(pod, "TCP-LISTEN:8080,fork,reuseaddr");
        Serve(pod, "UDP-RECVFROM:8080,fork,reuseaddr");
    }

    private async Task LinkAsync(string host, string address)
    {
        await InAsync("node", "ip", "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", _prefix + host);
        await InAsync("node", "ip", "link", "set", host, "up");
        await InAsync(host, "ip", "addr", "add", address, "dev", "eth0");
        await InAsync(host, "ip", "link", "set", "eth0", "up");
    }

    // It answers after the question's end: an answer that came before socat had passed the question on would be lost.
    private void Serve(string pod, string listen) => _servers.Add(Process.Start(new ProcessStartInfo(
        "nsenter", [$"--net=/run/netns/{_prefix}{pod}", "socat", "-t5", listen, $"SYSTEM:cat >/dev/null; echo {pod}"]) { RedirectStandardError = true })!);

    private async Task WaitForServersAsync()
    {
        foreach (var (pod, address) in ((string, string)[])[("pod1", Pod1), ("pod2", Pod2)])
        {
            foreach (var protocol in (string[])["TCP", "UDP"])
            {
                await Eventually.GetAsync(
                    async _ => (await RunInAsync("node", ["socat", "-t1", "-T1", "-", $"{protocol}:{address}:8080"], "hello\n")).Output.Trim(),
                    answer => answer == pod,
                    TimeSpan.FromSeconds(20),
                    CancellationToken.None);
            }
        }
    }

    private sealed class NamespaceRunner(ServiceNetwork network) : ICommandRunner
    {
        public Task<CommandOutcome> RunAsync(string command, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken) =>
            network.RunInAsync("node", [command, .. arguments], input);
    }
}
