using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>An etcd of one member on loopback, with its data in a temporary folder. It can be killed, paused and started again.</summary>
public sealed partial class EtcdProcess : IAsyncDisposable
{
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private readonly int _peerPort = FreePort();
    private readonly int _clientPort = FreePort();
    private Process? _process;

    public EtcdProcess(params string[] arguments) => _arguments = arguments;

    public Uri Address => new($"http://127.0.0.1:{_clientPort}");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("etcd", [.. Flags(), .. _arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["ETCD_UNSUPPORTED_ARCH"] = "";
        _process = Process.Start(start) ?? throw new InvalidOperationException("etcd did not start");
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartTimeout);
        await using var store = Connect();
        while (true)
        {
            try
            {
                await store.CurrentRevisionAsync(deadline.Token);
                return;
            }
            catch (StorageException) when (!_process.HasExited)
            {
                // Not up yet; the deadline bounds the wait.
            }
        }
    }

    public EtcdStore Connect(params Uri[] before) =>
        new(new EtcdStoreOptions { Servers = [.. before, Address] }, NullLogger<EtcdStore>.Instance, TimeProvider.System);

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

    public void Pause() => Signal(StopSignal);

    public void Resume() => Signal(ContinueSignal);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void Signal(int signal) => Assert.Equal(0, Kill(_process?.Id ?? throw new InvalidOperationException("etcd does not run"), signal));

    private IEnumerable<string> Flags()
    {
        var peer = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_peerPort}");
        return
        [
            "--data-dir", _folder.File("data"),
            "--listen-client-urls", Address.ToString().TrimEnd('/'), "--advertise-client-urls", Address.ToString().TrimEnd('/'),
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"default={peer}",
            "--heartbeat-interval", "50", "--election-timeout", "250",
        ];
    }
}
