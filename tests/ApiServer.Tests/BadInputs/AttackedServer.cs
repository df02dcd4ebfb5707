using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using MiniKube.Api.Tokens;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>
/// A server in a process of its own, so that what an attack costs it can be measured: its greatest memory, and how long a healthy client beside it waits. The
/// namespace <c>bad</c> has a ConfigMap <c>a</c>; cluster-scoped custom resources <c>gauges.bad.example.com</c> are served.
/// </summary>
public sealed class AttackedServer : IAsyncLifetime
{
    private const string ConfigMaps = "/api/v1/namespaces/bad/configmaps";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly TestCertificates _certificates = new();
    private readonly TemporaryFolder _files = new();
    private readonly ApiServerProcess _process;
    private ApiClient? _admin;

    public AttackedServer()
    {
        var (key, file) = (TestCertificates.NewKey(), _files.File("sa.key"));
        File.WriteAllText(file, key);
        TokenKey = SigningKey.Parse(key, file);
        _process = new ApiServerProcess(
            _certificates, "--authorization-mode=Node,RBAC", "--embedded-store=:memory:", $"--service-account-signing-key-file={file}", $"--service-account-key-file={file}")
        {
            Command = [Path.Combine(AppContext.BaseDirectory, "MiniKube.ApiServer")],
            Environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" },
        };
    }

    /// <summary>What the server signs its tokens with.</summary>
    internal SigningKey TokenKey { get; }

    /// <summary>Acts as the administrator in the namespace.</summary>
    public ApiClient Admin => _admin ?? throw new InvalidOperationException("The server has not started.");

    public int Port => _process.Port;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _process.Start();
        await _process.WaitUntilReadyAsync(Cancelled);
        _admin = new ApiClient(_process.CreateClient(), "bad");
        await CreateAsync("/api/v1/namespaces", """{"metadata":{"name":"bad"}}""");
        await CreateAsync(ConfigMaps, """{"metadata":{"name":"a"},"data":{"k":"v"}}""");
        await CreateAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
            {"metadata":{"name":"gauges.bad.example.com"},"spec":{"group":"bad.example.com","scope":"Cluster","names":{"plural":"gauges","kind":"Gauge"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
            """);
        await CreateAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/bad/roles", """
            {"metadata":{"name":"narrow"},"rules":[
              {"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":["get","list","watch"]},
              {"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"],"verbs":["create"]}]}
            """);
        await CreateAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/bad/rolebindings", """
            {"metadata":{"name":"narrow"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"narrow"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"dev"}]}
            """);
        await Eventually.GetAsync(_ => Admin.GetAsync("/apis/bad.example.com/v1/gauges"), answer => answer.Status == 200, TimeSpan.FromSeconds(60), Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _admin?.Http.Dispose();
        await _process.DisposeAsync();
        _files.Dispose();
        _certificates.Dispose();
    }

    /// <summary>A client of that user; of nobody when the name is empty.</summary>
    public ApiClient As(string user)
    {
        if (user.Length == 0)
        {
            return new ApiClient(_process.CreateClient(null), "bad");
        }

        var (certificate, key) = _certificates.Client(user, "devs");
        return With(certificate, key);
    }

    /// <summary>A client with that bearer token and no certificate.</summary>
    public ApiClient WithToken(string token)
    {
        var client = As("");
        client.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client that shows a certificate of any subject that the server's authority has signed.</summary>
    public ApiClient WithSubject(string subject)
    {
        var (certificate, key) = _certificates.ClientOf(subject);
        return With(certificate, key);
    }

    /// <summary>A client that shows that certificate.</summary>
    public ApiClient With(string certificate, string key) => new(_process.CreateClient(X509Certificate2.CreateFromPem(certificate, key)), "bad");

    /// <summary>A serving certificate of the server's authority, for a kubelet.</summary>
    public X509Certificate2 CreateServingCertificate()
    {
        var (certificate, key) = _certificates.Serving();
        return X509Certificate2.CreateFromPem(certificate, key);
    }

    /// <summary>A connection with nothing on it.</summary>
    public async Task<NetworkStream> DialAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", Port, Cancelled);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A TLS connection of the administrator, for what no HTTP client would send.</summary>
    public async Task<SslStream> ConnectAsync(SslApplicationProtocol protocol) => await AuthenticateAsync(await DialAsync(), protocol);

    public async Task<SslStream> AuthenticateAsync(Stream connection, SslApplicationProtocol protocol)
    {
        var stream = new SslStream(connection);
        var options = _process.TlsOptions(_process.Administrator);
        options.ApplicationProtocols = [protocol];
        await stream.AuthenticateAsClientAsync(options, Cancelled);
        return stream;
    }

    /// <summary>Lets an attack happen while a healthy client works; both its cost and the server are well afterwards.</summary>
    public async Task<AttackCost> MeasureAsync(Func<Task> attack)
    {
        var before = Memory("VmRSS");

        // Forgets the greatest memory there was (proc(5)).
        await File.WriteAllTextAsync($"/proc/{_process.Process.Id}/clear_refs", "5", Cancelled);
        using var over = new CancellationTokenSource();
        var healthy = WorkAsync(over.Token);
        var watch = Stopwatch.StartNew();
        try
        {
            await attack();
        }
        finally
        {
            await over.CancelAsync();
        }

        return new AttackCost(watch.Elapsed, Memory("VmHWM") - before, await healthy);
    }

    /// <summary>Bytes, by the name that proc(5) gives them: VmRSS, VmHWM.</summary>
    public long Memory(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Process.Id}/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Whether TCP asks a connection's client from time to time whether it is there: the timer that the kernel shows for the server's side.</summary>
    public bool IsKeptAlive(int clientPort)
    {
        var sides = $":{Port:X4} 0100007F:{clientPort:X4} 01 ";
        var row = File.ReadLines("/proc/net/tcp").Single(line => line.Contains(sides, StringComparison.Ordinal));
        return row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5].StartsWith("02:", StringComparison.Ordinal);
    }

    private async Task CreateAsync(string path, string body) => (await Admin.SendAsync(HttpMethod.Post, path, body)).Expect(201);

    /// <summary>Reads until it is told to end; returns the longest that one read took.</summary>
    private async Task<TimeSpan> WorkAsync(CancellationToken over)
    {
        using var http = _process.CreateClient();
        var client = new ApiClient(http, "bad");
        var slowest = TimeSpan.Zero;
        do
        {
            var watch = Stopwatch.StartNew();
            (await client.GetAsync($"{ConfigMaps}/a")).Expect(200);
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            await Task.Delay(Pace, TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!over.IsCancellationRequested);

        (await client.GetAsync($"{ConfigMaps}/a")).Expect(200);
        return slowest;
    }

    /// <summary>What the server says until it closes the connection.</summary>
    public static async Task<string> ReadToEndAsync(Stream connection, TimeSpan patience)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(patience);
        var answer = new MemoryStream();
        try
        {
            await connection.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException)
        {
            // Cut off: what came before is the answer.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
