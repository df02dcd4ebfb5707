using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Storage;
using MiniKube.Storage.Etcd;

namespace MiniKube.TestSupport.Etcd;

/// <summary>A member of etcd on loopback, with its data in a temporary folder. It can be killed, paused and started again.</summary>
public sealed class EtcdProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _output = [];
    private readonly string[] _flags;
    private readonly string _scheme;
    private Process? _process;

    /// <summary>A cluster of one. With flags for TLS its scheme is https.</summary>
    public EtcdProcess(string scheme = "http", params string[] flags)
    {
        (_scheme, _flags) = (scheme, flags);
        Cluster = $"{Name}={Peer}";
    }

    public string Name { get; init; } = "etcd";

    /// <summary>Where it keeps its data, if not in a temporary folder of its own.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The members that the cluster begins with, as <c>--initial-cluster</c>.</summary>
    public string Cluster { get; set; }

    public string Peer { get; } = $"http://127.0.0.1:{FreePort()}";

    public Uri Address => field ??= new Uri($"{_scheme}://127.0.0.1:{FreePort()}");

    public void Start()
    {
        var start = new ProcessStartInfo("etcd", [.. Flags(), .. _flags]) { RedirectStandardError = true };
        _process = System.Diagnostics.Process.Start(start) ?? throw new InvalidOperationException("etcd did not start");
        _process.ErrorDataReceived += (_, line) => _output.Add(line.Data ?? "");
        _process.BeginErrorReadLine();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Start();
        await using var store = Connect();
        await WaitAsync(store, cancellationToken);
    }

    /// <summary>Waits until a store answers, which needs a leader.</summary>
    public async Task WaitAsync(EtcdStore store, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartTimeout);
        while (true)
        {
            try
            {
                await store.CurrentRevisionAsync(deadline.Token);
                return;
            }
            catch (StorageException) when (_process is { HasExited: false })
            {
                // Not up yet; the deadline bounds the wait.
            }
            catch (StorageException e)
            {
                throw new InvalidOperationException($"etcd ended: {string.Join('\n', _output)}", e);
            }
        }
    }

    public EtcdStore Connect() => new(new EtcdStoreOptions { Servers = [Address] }, NullLogger<EtcdStore>.Instance, TimeProvider.System);

    /// <summary>A store that tries other addresses before the right one, and does not wait for them as long as it would.</summary>
    public EtcdStore ConnectAfter(params Uri[] before) =>
        new(
            new EtcdStoreOptions
            {
                Servers = [.. before, Address],
                ReadAttemptTimeout = TimeSpan.FromSeconds(1),
                LateWriteTimeout = TimeSpan.FromSeconds(3),
                RequestTimeout = TimeSpan.FromSeconds(4),
            },
            NullLogger<EtcdStore>.Instance, TimeProvider.System);

    private Process Process => _process ?? throw new InvalidOperationException("etcd does not run");

    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
            _process = null;
        }
    }

    public void Pause() => Process.Pause();

    public void Resume() => Process.Resume();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private IEnumerable<string> Flags()
    {
        var client = Address.ToString().TrimEnd('/');
        return
        [
            "--name", Name, "--data-dir", Path.Combine(DataFolder ?? _folder.Path, "data"),
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", Peer, "--initial-advertise-peer-urls", Peer, "--initial-cluster", Cluster,
            "--heartbeat-interval", "50", "--election-timeout", "250",
        ];
    }
}
