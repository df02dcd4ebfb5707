using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using MiniKube.ApiServer;
using MiniKube.Hosting;

using Xunit;

namespace MiniKube.TestSupport;

/// <summary>
/// A real API server in the test's process: in-memory store, a free loopback port, certificates of its own. Ready when <see cref="StartAsync"/> returns.
/// </summary>
public sealed class TestApiServer : IAsyncDisposable
{
    private const string ServiceAccountKey = "sa.key";

    private readonly ApiServerHost _host;
    private readonly TestCertificates _certificates;
    private readonly DirectoryInfo _files;
    private readonly CancellationTokenSource _signal;

    private TestApiServer(ApiServerHost host, TestCertificates certificates, DirectoryInfo files, CancellationTokenSource signal)
    {
        (_host, _signal) = (host, signal);
        _certificates = certificates;
        _files = files;
        Address = new Uri($"https://127.0.0.1:{host.Port}");
        Kubeconfig = Path.Combine(files.FullName, "kubeconfig");
        Client = CreateClient("admin", "system:masters");
    }

    public Uri Address { get; }

    /// <summary>The file of the authority that signed the server's certificate.</summary>
    public string AuthorityFile => Path.Combine(_files.FullName, "ca.crt");

    /// <summary>The authority's private key, as PEM text.</summary>
    public string AuthorityKey
    {
        get
        {
            using var key = _certificates.Authority.GetECDsaPrivateKey();
            return key?.ExportPkcs8PrivateKeyPem() ?? "";
        }
    }

    /// <summary>The file of the key that signs service account tokens.</summary>
    public string ServiceAccountKeyFile => Path.Combine(_files.FullName, ServiceAccountKey);

    /// <summary>The path of a kubeconfig of the user admin of the group system:masters.</summary>
    public string Kubeconfig { get; }

    /// <summary>Sends requests as that user; its base address is the server's.</summary>
    public HttpClient Client { get; }

    /// <summary>Makes TLS of a connection to the server, as the user admin: for what no HTTP client would send.</summary>
    public async Task<SslStream> AuthenticateAsync(Stream connection, params IEnumerable<SslApplicationProtocol> protocols)
    {
        var (certificate, key) = _certificates.Client("admin", ["system:masters"]);
        var stream = new SslStream(connection);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                ApplicationProtocols = [.. protocols],
                ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)],
                RemoteCertificateValidationCallback = (_, presented, _, _) => IsOurs(presented),
            },
            TestContext.Current.CancellationToken);
        return stream;
    }

    /// <summary>A WebSocket that is not connected yet, of the user admin.</summary>
    public ClientWebSocket CreateWebSocket()
    {
        var socket = new ClientWebSocket();
        var (certificate, key) = _certificates.Client("admin", ["system:masters"]);
        socket.Options.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
        socket.Options.RemoteCertificateValidationCallback = (_, presented, _, _) => IsOurs(presented);
        return socket;
    }

    /// <param name="configure">Changes the options that the server starts with.</param>
    /// <param name="clock">The server's clock; the system's by default.</param>
    public static async Task<TestApiServer> StartAsync(Func<ApiServerOptions, ApiServerOptions>? configure = null, TimeProvider? clock = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var files = Directory.CreateTempSubdirectory("minikube-test-");
        var certificates = new TestCertificates();
        var (certificate, key) = certificates.Serving();
        var options = new ApiServerOptions
        {
            Logging = new LoggingOptions { Verbosity = 0 },
            BindAddress = IPAddress.Loopback,
            SecurePort = 0,

            // Of a range for documentation: nobody connects to it, but Endpoints may hold it.
            AdvertiseAddress = IPAddress.Parse("192.0.2.10"),
            AuthorizationMode = "Node,RBAC",
            EnableAdmissionPlugins = ["NodeRestriction"],
            ServiceAccountSigningKeyFile = await WriteAsync(files, ServiceAccountKey, TestCertificates.NewKey()),
            EmbeddedStore = ":memory:",

            // No controller makes service accounts here.
            DisableAdmissionPlugins = ["ServiceAccount"],
            TlsCertFile = await WriteAsync(files, "server.crt", certificate),
            TlsPrivateKeyFile = await WriteAsync(files, "server.key", key),
            ClientCaFile = await WriteAsync(files, "ca.crt", certificates.Authority.ExportCertificatePem()),
        };

        // As the program does it: started with what SIGTERM will cancel.
        var signal = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var host = await ApiServerHost.StartAsync(configure?.Invoke(options) ?? options, clock ?? TimeProvider.System, signal.Token);
        var server = new TestApiServer(host, certificates, files, signal);
        await server.WriteKubeconfigAsync(server.Kubeconfig, "admin", ["system:masters"]);
        await host.Ready.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        return server;
    }

    /// <summary>A client with a certificate of that user; without a name one that shows no certificate.</summary>
    public HttpClient CreateClient(string user, params IEnumerable<string> groups) =>
        new(CreateHandler(user, groups)) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What such a client sends by; WebSockets use it bare.</summary>
    public SocketsHttpHandler CreateHandler(string user, params IEnumerable<string> groups)
    {
        var (certificate, key) = user.Length > 0 ? _certificates.Client(user, groups) : default;
        return HandlerWith(certificate, key);
    }

    /// <summary>A client that shows that certificate, given as PEM texts; null shows none.</summary>
    public HttpClient ClientWith(string? certificate, string? key) =>
        new(HandlerWith(certificate, key)) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };

    private SocketsHttpHandler HandlerWith(string? certificate, string? key)
    {
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => IsOurs(presented);
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
        }

        return handler;
    }

    /// <summary>The path of a kubeconfig of any user, such as a component that must do with upstream's role for it.</summary>
    public async Task<string> KubeconfigOfAsync(string user, params IEnumerable<string> groups)
    {
        var path = Path.Combine(_files.FullName, $"{user.Replace(':', '-')}.kubeconfig");
        await WriteKubeconfigAsync(path, user, groups);
        return path;
    }

    /// <summary>Gives nodes that join the rights that <c>manifests/joining</c> gives them.</summary>
    public async Task AllowJoiningAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "manifests", "joining")))
        {
            foreach (var document in (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Split("\n---\n"))
            {
                using var body = new StringContent(document, Encoding.UTF8, "application/yaml");
                using var answer = await Client.PostAsync(
                    new Uri("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", UriKind.Relative), body, TestContext.Current.CancellationToken);
                answer.EnsureSuccessStatusCode();
            }
        }
    }

    /// <summary>A client certificate of any subject that the server's authority has signed, as PEM texts.</summary>
    public (string Certificate, string Key) IssueClient(string subject) => _certificates.ClientOf(subject);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _signal.CancelAsync();
        await _host.DisposeAsync();
        _signal.Dispose();
        _certificates.Dispose();
        _files.Delete(recursive: true);
    }

    private static async Task<string> WriteAsync(DirectoryInfo files, string name, string content)
    {
        var path = Path.Combine(files.FullName, name);
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task WriteKubeconfigAsync(string path, string user, IEnumerable<string> groups)
    {
        var (certificate, key) = _certificates.Client(user, groups);
        await File.WriteAllTextAsync(
            path,
            $"""
            apiVersion: v1
            kind: Config
            current-context: test
            clusters:
            - name: test
              cluster:
                server: {Address.ToString().TrimEnd('/')}
                certificate-authority-data: {Base64(_certificates.Authority.ExportCertificatePem())}
            users:
            - name: test
              user:
                client-certificate-data: {Base64(certificate)}
                client-key-data: {Base64(key)}
            contexts:
            - name: test
              context:
                cluster: test
                user: test
            """,
            TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            // helm warns of a kubeconfig that others can read.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private bool IsOurs(X509Certificate? certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificates.Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return certificate is X509Certificate2 presented && chain.Build(presented);
    }
}
