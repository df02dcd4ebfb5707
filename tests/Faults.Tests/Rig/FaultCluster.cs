using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Faults.Tests.Rig;

/// <summary>Three members of etcd and two API servers, processes on loopback; every API server has a wire of its own to every member.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    public const int Servers = 2;
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    private readonly TestCertificates _certificates = new();
    private readonly TemporaryFolder _files = new();

    private FaultCluster(SmallDisk disk)
    {
        Disk = disk;
        Etcd = new EtcdCluster(number => number == DiskOwner ? disk.Path : null);
        Wires = [.. Enumerable.Range(0, Servers).Select(_ => Etcd.Members.Select(member => new FaultyProxy(member.Address)).ToList())];
        SetClock("+0");
        ApiServers = [.. Wires.Select((wires, number) => new ApiServerProcess(_certificates, $"--etcd-servers={string.Join(',', wires.Select(wire => wire.Address))}")
        {
            Environment = number == ClockOwner ? FakeClock() : [],
        })];
        Etcdctl = new Etcdctl(Etcd);
    }

    /// <summary>The member whose disk is small.</summary>
    public static int DiskOwner => 1;

    /// <summary>The API server whose clock can be moved.</summary>
    public static int ClockOwner => 1;

    public EtcdCluster Etcd { get; }

    public Etcdctl Etcdctl { get; }

    public SmallDisk Disk { get; }

    public IReadOnlyList<ApiServerProcess> ApiServers { get; }

    /// <summary>By API server, then by member.</summary>
    public IReadOnlyList<List<FaultyProxy>> Wires { get; }

    public static async Task<FaultCluster> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = new FaultCluster(await SmallDisk.CreateAsync(cancellationToken));
        await cluster.Etcd.StartAsync(cancellationToken);
        foreach (var server in cluster.ApiServers)
        {
            server.Start();
        }

        foreach (var server in cluster.ApiServers)
        {
            await server.WaitUntilReadyAsync(cancellationToken);
        }

        return cluster;
    }

    /// <summary>Moves that API server's clock away from the machine's, such as <c>+1h</c>.</summary>
    public void SetClock(string offset) => File.WriteAllText(_files.File("clock"), offset);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in ApiServers)
        {
            await server.DisposeAsync();
        }

        foreach (var wire in Wires.SelectMany(wires => wires))
        {
            await wire.DisposeAsync();
        }

        await Etcd.DisposeAsync();
        Disk.Dispose();
        _certificates.Dispose();
        _files.Dispose();
    }

    private Dictionary<string, string> FakeClock() => new()
    {
        ["LD_PRELOAD"] = FakeTime,
        ["FAKETIME_TIMESTAMP_FILE"] = _files.File("clock"),
        ["FAKETIME_CACHE_DURATION"] = "1",

        // What the machine's other clocks do is not the subject: waiting goes on as before.
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };
}
