using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using MiniKube.TestSupport;

namespace MiniKube.Benchmarks.Load;

/// <summary>Our own API server as published, on loopback with its data in a temporary folder, on an etcd of its own or on the embedded store.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("mk-load-");
    private readonly TestCertificates _certificates = new();
    private readonly TimeProvider _clock;
    private readonly int _port = FreePort();
    private readonly int _etcdPort = FreePort();
    private readonly bool _usesEtcd;
    private Process? _etcd;
    private Process? _server;

    public LocalServer(bool usesEtcd, TimeProvider clock)
    {
        (_usesEtcd, _clock) = (usesEtcd, clock);
        Write("ca.crt", _certificates.Authority.ExportCertificatePem());
        WritePair("server", _certificates.Serving());
        var (certificate, key) = _certificates.Client("admin", "system:masters");
        Write("kubeconfig", $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"load","contexts":[{"name":"load","context":{"cluster":"load","user":"load"}}],
            "clusters":[{"name":"load","cluster":{"server":"https://127.0.0.1:{{{_port}}}","certificate-authority-data":"{{{Base64(_certificates.Authority.ExportCertificatePem())}}}"}}],
            "users":[{"name":"load","user":{"client-certificate-data":"{{{Base64(certificate)}}}","client-key-data":"{{{Base64(key)}}}"}}]}
            """);
    }

    public string StoreName => _usesEtcd ? "etcd" : "embedded store";

    /// <summary>Null on the embedded store.</summary>
    public string? EtcdAddress => _usesEtcd ? $"http://127.0.0.1:{_etcdPort}" : null;

    public LoadTarget Target => new(Path("kubeconfig"), _server is null ? null : new ServerProcess(_server.Id));

    /// <summary>Starts the server, and etcd before it; the time is that of the server alone, until /readyz says so.</summary>
    public async Task<(double Seconds, double ProcessorSeconds)> StartAsync(CancellationToken cancellationToken)
    {
        if (_usesEtcd && _etcd is null)
        {
            await StartEtcdAsync(cancellationToken);
        }

        var program = System.IO.Path.Combine(RepositoryRoot.Path, "artifacts/mk/current/MiniKube.Cluster");
        var started = _clock.GetTimestamp();
        _server = Start(program, [
            "apiserver", "--bind-address=127.0.0.1", $"--secure-port={_port}", $"--client-ca-file={Path("ca.crt")}", "--disable-admission-plugins=ServiceAccount",
            $"--tls-cert-file={Path("server.crt")}", $"--tls-private-key-file={Path("server.key")}",
            EtcdAddress is { } etcd ? $"--etcd-servers={etcd}" : $"--embedded-store={Path("store.db")}",
            "--max-requests-inflight=4000", "--max-mutating-requests-inflight=2000",
        ]);
        using var connection = Target.Connect();
        await WaitAsync(async () => (await connection.GetAsync("/readyz", cancellationToken)).IsSuccessStatusCode, _server, cancellationToken);
        return (_clock.GetElapsedTime(started).TotalSeconds, new ServerProcess(_server.Id).ProcessorTime().TotalSeconds);
    }

    public async Task StopAsync() => await StopAsync(_server);

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_server);
        await StopAsync(_etcd);
        _certificates.Dispose();
        _files.Delete(recursive: true);
    }

    private async Task StartEtcdAsync(CancellationToken cancellationToken)
    {
        var (client, peer) = ($"http://127.0.0.1:{_etcdPort}", $"http://127.0.0.1:{FreePort()}");
        _etcd = Start("etcd", [
            $"--data-dir={Path("etcd")}", $"--listen-client-urls={client}", $"--advertise-client-urls={client}", $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}", $"--initial-cluster=default={peer}", "--log-level=error",
        ]);
        using var http = new HttpClient { BaseAddress = new Uri(client) };
        await WaitAsync(async () => (await http.GetStringAsync("/health", cancellationToken)).Contains("true", StringComparison.Ordinal), _etcd, cancellationToken);
    }

    private async Task WaitAsync(Func<Task<bool>> isReady, Process process, CancellationToken cancellationToken)
    {
        for (var started = _clock.GetTimestamp(); _clock.GetElapsedTime(started) < StartLimit && !process.HasExited;)
        {
            try
            {
                if (await isReady())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet; the limit bounds the wait.
            }

            await Task.Delay(Poll, _clock, cancellationToken);
        }

        throw new InvalidOperationException($"{process.StartInfo.FileName} is not ready: {File.ReadAllText(Path("log"))}");
    }

    private Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec \"$0\" \"$@\" >>{Path("log")} 2>&1", program, .. arguments]);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static async Task StopAsync(Process? process)
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private string Path(string name) => System.IO.Path.Combine(_files.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(Path(name), text);

    private void WritePair(string name, (string Certificate, string Key) pair)
    {
        Write($"{name}.crt", pair.Certificate);
        Write($"{name}.key", pair.Key);
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
