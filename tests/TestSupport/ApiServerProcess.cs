using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using MiniKube.TestSupport.Etcd;

namespace MiniKube.TestSupport;

/// <summary>An API server as <c>./mk</c> publishes it, a process on loopback that can be killed, paused and started again. Its store is what its flags say.</summary>
public sealed class ApiServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly TemporaryFolder _files = new();
    private readonly TestCertificates _certificates;
    private readonly IReadOnlyList<string> _flags;
    private Process? _process;

    /// <param name="certificates">Of servers that clients may take for each other.</param>
    /// <param name="flags">Besides those for address and certificates.</param>
    public ApiServerProcess(TestCertificates certificates, params IEnumerable<string> flags)
    {
        _certificates = certificates;
        var (certificate, key) = certificates.Client("admin", "system:masters");
        Administrator = X509Certificate2.CreateFromPem(certificate, key);
        var authority = certificates.Authority.ExportCertificatePem();
        File.WriteAllText(_files.File("ca.crt"), authority);
        var serving = certificates.Serving();
        File.WriteAllText(_files.File("server.crt"), serving.Certificate);
        File.WriteAllText(_files.File("server.key"), serving.Key);
        WriteKubeconfig(Kubeconfig, certificate, key);
        _flags =
        [
            "--bind-address=127.0.0.1", $"--secure-port={Port}", "--disable-admission-plugins=ServiceAccount", $"--client-ca-file={_files.File("ca.crt")}",
            $"--tls-cert-file={_files.File("server.crt")}", $"--tls-private-key-file={_files.File("server.key")}", .. flags,
        ];
    }

    public int Port { get; } = EtcdProcess.FreePort();

    /// <summary>The path of a kubeconfig of the user admin of the group system:masters.</summary>
    public string Kubeconfig => _files.File("kubeconfig");

    /// <summary>The path of a kubeconfig of any user of the group system:masters.</summary>
    public string KubeconfigOf(string user)
    {
        var (certificate, key) = _certificates.Client(user, "system:masters");
        WriteKubeconfig(_files.File($"{user}.kubeconfig"), certificate, key);
        return _files.File($"{user}.kubeconfig");
    }

    /// <summary>The program and its first arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [Path.Combine(RepositoryRoot.Path, "artifacts/mk/current/MiniKube.Cluster"), "apiserver"];

    /// <summary>Variables that the process starts with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The certificate of the user admin of the group system:masters.</summary>
    public X509Certificate2 Administrator { get; }

    public Process Process => _process ?? throw new InvalidOperationException("The server does not run.");

    public void Start()
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec \"$0\" \"$@\" >>{_files.File("log")} 2>&1", .. Command, .. _flags]);
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{Command[0]} did not start");
    }

    /// <summary>Waits until /readyz says so; throws with the server's log if it ends or takes too long.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        var clock = TimeProvider.System;
        for (var started = clock.GetTimestamp(); clock.GetElapsedTime(started) < StartLimit && !Process.HasExited;)
        {
            try
            {
                using var answer = await client.GetAsync("/readyz", cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet; the limit bounds the wait.
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }

        throw new InvalidOperationException($"The API server is not ready:\n{File.ReadAllText(_files.File("log"))}");
    }

    /// <summary>What a connection to the server shows and trusts; without a certificate the user is who a token says, or nobody.</summary>
    public SslClientAuthenticationOptions TlsOptions(X509Certificate2? certificate) => new()
    {
        TargetHost = "127.0.0.1",
        ClientCertificates = certificate is null ? null : [certificate],
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _certificates.Authority },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    /// <summary>A client of the administrator with connections of its own, over HTTP/2 as client-go's.</summary>
    public HttpClient CreateClient() => CreateClient(Administrator);

    /// <summary>As any user.</summary>
    public HttpClient CreateClient(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { SslOptions = TlsOptions(certificate) };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{Port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

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

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Administrator.Dispose();
        _files.Dispose();
    }

    private void WriteKubeconfig(string file, string certificate, string key) => File.WriteAllText(file, $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"test","contexts":[{"name":"test","context":{"cluster":"test","user":"test"}}],
        "clusters":[{"name":"test","cluster":{"server":"https://127.0.0.1:{{{Port}}}","certificate-authority-data":"{{{Base64(_certificates.Authority.ExportCertificatePem())}}}"}}],
        "users":[{"name":"test","user":{"client-certificate-data":"{{{Base64(certificate)}}}","client-key-data":"{{{Base64(key)}}}"}}]}
        """);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
