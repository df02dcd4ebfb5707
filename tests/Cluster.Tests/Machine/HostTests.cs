using System.Net.Sockets;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Steps;
using MiniKube.TestSupport;

using CommandRunner = MiniKube.Cluster.Shell.CommandRunner;

namespace MiniKube.Cluster.Tests.Machine;

/// <summary>Hosts with small units of their own, booted for real.</summary>
[Trait("Needs", "Machine")]
public sealed class HostTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ClusterPaths _paths = new(Directory.CreateTempSubdirectory("mk-host-").FullName, "machine-test");
    private string _networkBefore = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _networkBefore = await MachineState.NetworkAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await new StopHosts(_paths, keepPods: false, TimeProvider.System).RunAsync(CancellationToken.None);
        Directory.Delete(_paths.Home, recursive: true);
    }

    [Fact]
    public async Task Host_UpAndDown_LeavesNothing()
    {
        var host = await BootAsync("node1", "172.28.128.31", Sleeper("sleeper"));
        Assert.NotEmpty(MachineState.TracesOf(_paths.MachineName, _paths.Folder));
        Assert.Equal(_networkBefore, await MachineState.NetworkAsync(Cancellation));

        await new StopHosts(_paths, keepPods: false, TimeProvider.System).RunAsync(Cancellation);
        await new RemoveFiles(_paths, alsoImages: true).RunAsync(Cancellation);

        Assert.Null(host.ProcessId);
        Assert.Empty(MachineState.TracesOf(_paths.MachineName, _paths.Folder));
        Assert.Equal(_networkBefore, await MachineState.NetworkAsync(Cancellation));
        Assert.False(Directory.Exists(_paths.Folder));
    }

    [Fact]
    public async Task Host_IsAWorldOfItsOwn()
    {
        var host = await BootAsync("node1", "172.28.128.31", Sleeper("sleeper"));

        Assert.Equal("node1\n", await OnAsync(host, "hostname"));
        Assert.Equal("runsvdir\n", await OnAsync(host, "cat", "/proc/1/comm"));
        Assert.Contains("172.28.128.31/24", await OnAsync(host, "ip", "-o", "addr", "show", "dev", "eth0"), StringComparison.Ordinal);
        Assert.Contains("10.96.0.0/12 dev cni0", await OnAsync(host, "ip", "route"), StringComparison.Ordinal);
        Assert.DoesNotContain("default", await OnAsync(host, "ip", "route"), StringComparison.Ordinal);
        await OnAsync(host, "touch", "/etc/of-the-host", "/var/lib/of-the-host", "/run/of-the-host", "/tmp/of-the-host");
        Assert.False(File.Exists("/etc/of-the-host") || File.Exists("/var/lib/of-the-host") || File.Exists("/run/of-the-host") || File.Exists("/tmp/of-the-host"));
    }

    [Fact]
    public async Task Hosts_OnOneWire_ReachEachOther()
    {
        var one = await BootAsync("node1", "172.28.128.31", Sleeper("sleeper"));
        await BootAsync("node2", "172.28.128.32", new Unit("web", "busybox httpd -f -p 80 -h /etc/mk"));

        var answer = await Eventually.GetAsync(
            async cancellation => (await CommandRunner.TryAsync("nsenter", [.. Enter(one), "busybox", "wget", "-q", "-O", "-", "http://172.28.128.32/units/web/run"], cancellation)).Output,
            text => text.Length > 0,
            Limit,
            Cancellation);

        Assert.Contains("exec busybox httpd", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unit_Killed_IsStartedAgain_AndCounted()
    {
        var host = await BootAsync("node1", "172.28.128.31", Sleeper("sleeper"));
        var first = await UnitAsync(host, unit => unit.ProcessId > 0);

        await OnAsync(host, "kill", "-9", first.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));

        var second = await UnitAsync(host, unit => unit.ProcessId > 0 && unit.ProcessId != first.ProcessId);
        Assert.Equal(0, first.Restarts);
        Assert.Equal(1, second.Restarts);
    }

    [Fact]
    public async Task Host_KilledAndBootedAgain_KeepsItsDisk_AndLosesItsRun()
    {
        var host = await BootAsync("node1", "172.28.128.31", Sleeper("sleeper"));
        await OnAsync(host, "touch", "/var/lib/kept", "/etc/kept", "/run/lost");

        await host.KillAsync(Cancellation);
        Assert.Null(host.ProcessId);
        host = await BootAsync("node1", "172.28.128.31", Sleeper("sleeper"));

        Assert.Equal("/etc/kept\n/var/lib/kept\n", await OnAsync(host, "sh", "-c", "ls /etc/kept /var/lib/kept /run/lost 2>/dev/null || true"));
    }

    [Fact]
    public async Task Gateway_JoinsTheMachineWithTheHost_BothWays()
    {
        using var onMachine = new TcpListener(System.Net.IPAddress.Loopback, 0);
        onMachine.Start();
        var answering = AnswerOnceAsync(onMachine);
        var machinePort = ((System.Net.IPEndPoint)onMachine.LocalEndpoint).Port;
        var port = FreePort();
        var host = await BootAsync(
            "node1",
            "172.28.128.31",
            new Unit("web", "busybox httpd -f -p 6443 -h /etc/mk"),
            GatewayOf(new ClusterSpec { Port = port }));

        using var client = new HttpClient();
        var script = await Eventually.GetAsync(_ => TryGetAsync(client, $"http://127.0.0.1:{port}/units/web/run"), text => text.Length > 0, Limit, Cancellation);
        var (_, pulled, error) = await CommandRunner.TryAsync(
            "nsenter",
            [.. Enter(host), "env", "http_proxy=http://127.0.0.1:3128", "busybox", "wget", "-q", "-O", "-", $"http://host.minikube.internal:{machinePort}/v2/"],
            Cancellation);

        Assert.Contains("httpd", script, StringComparison.Ordinal);
        Assert.Equal("from the machine", pulled + error);
        Assert.StartsWith("GET /v2/ HTTP/1.1\r\n", await answering, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_Paused_StandsStill_AndGoesOn_AndCanBeKilled()
    {
        var host = await BootAsync("node1", "172.28.128.31", new Unit("writer", "sh -c 'while :; do echo tick; sleep 0.05; done'"));
        var log = host.Folder.LogOf("writer");
        await Eventually.GetAsync(_ => Task.FromResult(Length(log)), length => length > 0, Limit, Cancellation);

        host.Pause();
        Assert.True(host.IsPaused);
        // What was on its way to the log arrives; then nothing comes any more.
        var still = Length(log);
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.GetAsync(_ => Task.FromResult(Length(log)), length => length > still + 25, TimeSpan.FromSeconds(1), Cancellation));
        host.Resume();
        Assert.False(host.IsPaused);
        await Eventually.GetAsync(_ => Task.FromResult(Length(log)), length => length > still + 25, Limit, Cancellation);

        host.Pause();
        await host.KillAsync(Cancellation);
        Assert.Null(host.ProcessId);
    }

    [Fact]
    public async Task Host_Cut_ReachesNobody_UntilItIsHealed()
    {
        var one = await BootAsync("node1", "172.28.128.31", Sleeper("sleeper"));
        await BootAsync("node2", "172.28.128.32", new Unit("web", "busybox httpd -f -p 80 -h /etc/mk"));
        var wire = new Wire(_paths.MachineName);
        Assert.Empty(await wire.CutHostsAsync(Cancellation));
        await AsksAsync(one, answers: true);

        await wire.SetCableAsync("node2", isPlugged: false, Cancellation);
        Assert.Equal(["node2"], await wire.CutHostsAsync(Cancellation));
        await AsksAsync(one, answers: false);
        await wire.SetCableAsync("node2", isPlugged: true, Cancellation);

        await AsksAsync(one, answers: true);
    }

    private static Task<bool> AsksAsync(Host host, bool answers) => Eventually.GetAsync(
        async cancellation => (await CommandRunner.TryAsync(
            "nsenter", [.. Enter(host), "timeout", "1", "busybox", "wget", "-q", "-O", "-", "http://172.28.128.32/units/web/run"], cancellation)).ExitCode == 0,
        reached => reached == answers,
        Limit,
        Cancellation);

    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private static Unit GatewayOf(ClusterSpec spec)
    {
        var layout = ClusterLayout.Create(spec);
        return NodePlan.Gateway(layout, layout.Entry);
    }

    private static Unit Sleeper(string name) => new(name, "sleep 1000");

    private async Task<Host> BootAsync(string name, string address, params Unit[] units)
    {
        await new Wire(_paths.MachineName).CreateAsync(Cancellation);
        var host = new Host(_paths, name, TimeProvider.System);
        await host.BootAsync(new HostPlan(name, address) { HasPods = true, PodSubnet = "10.244.0.0/24", Units = units }, Cancellation);
        await Eventually.GetAsync(
            async cancellation => (await CommandRunner.TryAsync("nsenter", [.. Enter(host), "sv", "status", .. units.Select(unit => $"/run/service/{unit.Name}")], cancellation)).Output,
            status => units.All(unit => status.Contains($"run: /run/service/{unit.Name}: (pid", StringComparison.Ordinal)),
            Limit,
            Cancellation);
        return host;
    }

    private static string[] Enter(Host host) => ["--target", $"{host.RequireUp()}", "--mount", "--uts", "--ipc", "--net", "--pid", "--wd", "--"];

    private static Task<string> OnAsync(Host host, params string[] command) => CommandRunner.RunAsync("nsenter", [.. Enter(host), .. command], Cancellation);

    private static Task<UnitStatus> UnitAsync(Host host, Func<UnitStatus, bool> satisfies) =>
        Eventually.GetAsync(_ => Task.FromResult(UnitStatus.ReadAll(host).Single()), satisfies, Limit, Cancellation);

    private static async Task<string> AnswerOnceAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync(Cancellation);
        var buffer = new byte[4096];
        var length = await socket.ReceiveAsync(buffer, Cancellation);
        await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 16\r\nConnection: close\r\n\r\nfrom the machine"u8.ToArray(), Cancellation);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static async Task<string> TryGetAsync(HttpClient client, string url)
    {
        try
        {
            return await client.GetStringAsync(new Uri(url), Cancellation);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
