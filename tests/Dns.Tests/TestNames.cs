using System.Net;
using System.Net.Sockets;
using System.Text;

using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

using k8s;
using k8s.Models;

using MiniKube.Client;
using MiniKube.Client.Manifests;
using MiniKube.TestSupport;

namespace MiniKube.Dns.Tests;

/// <summary>A real API server and a real name server, with the rights that its manifest gives it, on a loopback address of its own.</summary>
public sealed class TestNames : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestApiServer _server;
    private readonly ApiConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _dns;
    private readonly IPAddress _address;

    private TestNames(TestApiServer server, string kubeconfig, string resolvConf)
    {
        _server = server;
        _connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = server.Kubeconfig, Component = "test" });
        Client = new ObjectClient(_connection, null, TimeProvider.System);
        _address = NextAddress();
        _dns = DnsCommand.Create()
            .Parse(["--kubeconfig", kubeconfig, "--secure-port", "0", "--listen-address", _address.ToString(), "--resolv-conf", resolvConf])
            .InvokeAsync(null, _stop.Token);
    }

    public IObjectClient Client { get; }

    public IPAddress Address => _address;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="resolvConf">The file that names the servers of the outside; empty: there are none.</param>
    public static async Task<TestNames> StartAsync(string resolvConf = "")
    {
        var server = await TestApiServer.StartAsync();
        var manifest = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "manifests", "addons", "dns.yaml"), Cancelled);
        await new ManifestApplier(server.Client, "test").ApplyAsync(manifest, Cancelled);
        return new TestNames(server, await server.KubeconfigOfAsync("system:coredns"), resolvConf);
    }

    public Task<T> CreateAsync<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> => Client.CreateAsync(obj, Cancelled);

    /// <summary>Asks until the answer's records are these, each as its data says it (in any order).</summary>
    public async Task<DnsMessage> ExpectAsync(string name, RecordType type, params string[] data) => (await Eventually.GetAsync(
        _ => AskAsync(name, type), answer => answer is not null && Data(answer).Order().SequenceEqual(data.Order()), Patience, Cancelled))!;

    /// <summary>Asks until the answer has that code and no records.</summary>
    public async Task<DnsMessage> ExpectAsync(string name, RecordType type, ReturnCode code) => (await Eventually.GetAsync(
        _ => AskAsync(name, type), answer => answer?.ReturnCode == code && answer.AnswerRecords.Count == 0, Patience, Cancelled))!;

    public async Task<DnsMessage?> AskAsync(string name, RecordType type, bool tcp = false)
    {
        Assert.False(_dns.IsCompleted, "The name server has ended.");
        using var client = new DnsClient([_address], tcp ? [new TcpClientTransport()] : [new UdpClientTransport()], true, 2000);
        return await client.ResolveAsync(DomainName.Parse(name), type, RecordClass.INet, null, Cancelled);
    }

    /// <summary>One UDP packet of 512 octets at most, as before EDNS: asks for IPv4 addresses and returns what comes, cut or not.</summary>
    public async Task<DnsMessage> AskPlainlyAsync(string name)
    {
        using var socket = new UdpClient(_address.ToString(), 53);
        byte[] query = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0, 0, 1, 0, 1];
        await socket.SendAsync(query, Cancelled);
        return DnsMessage.Parse(new ArraySegment<byte>((await socket.ReceiveAsync(Cancelled)).Buffer));
    }

    /// <summary>What a record says, without name and time to live.</summary>
    public static IEnumerable<string> Data(DnsMessage answer) => answer.AnswerRecords.Select(record => record switch
    {
        AddressRecordBase address => address.Address.ToString(),
        SrvRecord srv => $"{srv.Priority} {srv.Weight} {srv.Port} {srv.Target}",
        PtrRecord ptr => ptr.PointerDomainName.ToString(),
        CNameRecord alias => alias.CanonicalName.ToString(),
        TxtRecord text => text.TextData,
        _ => record.ToString(),
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _dns;
        _stop.Dispose();
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    // Of the loopback's sixteen million addresses: name servers of tests that run at a time do not meet, though all have port 53.
    private static IPAddress NextAddress() => new([127, .. Enumerable.Range(0, 3).Select(_ => (byte)Random.Shared.Next(1, 255))]);
}
