using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Benchmarks.Load;

/// <summary>Our own API server, on an etcd of its own or on the embedded store.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    public const string Etcd = "etcd";
    public const string Embedded = "embedded store";

    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private readonly TimeProvider _clock;
    private readonly EtcdProcess? _etcd;
    private readonly ApiServerProcess _server;

    public LocalServer(bool usesEtcd, TimeProvider clock)
    {
        _clock = clock;
        _etcd = usesEtcd ? new EtcdProcess() : null;
        _server = new ApiServerProcess(
            _certificates,
            _etcd is null ? $"--embedded-store={_folder.File("store.db")}" : $"--etcd-servers={_etcd.Address}",
            "--max-requests-inflight=4000",
            "--max-mutating-requests-inflight=2000");
    }

    public string StoreName => _etcd is null ? Embedded : Etcd;

    /// <summary>Null on the embedded store.</summary>
    public Uri? EtcdAddress => _etcd?.Address;

    public LoadTarget Target => new(_server.Kubeconfig, new ServerProcess(_server.Process.Id));

    public async Task StartStoreAsync(CancellationToken cancellationToken)
    {
        if (_etcd is not null)
        {
            await _etcd.StartAsync(cancellationToken);
        }
    }

    /// <summary>How long the server takes until /readyz says so, and the processor time that it takes for that.</summary>
    public async Task<(double Seconds, double ProcessorSeconds)> StartAsync(CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        _server.Start();
        await _server.WaitUntilReadyAsync(cancellationToken);
        return (_clock.GetElapsedTime(started).TotalSeconds, new ServerProcess(_server.Process.Id).ProcessorTime().TotalSeconds);
    }

    public Task StopAsync() => _server.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
        }

        _certificates.Dispose();
        _folder.Dispose();
    }
}
