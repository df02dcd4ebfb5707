using System.Text;
using System.Text.Json.Nodes;

using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Faults.Tests;

/// <summary>What clients are told when etcd is full, or holds what nobody can read; and that all is well when it is mended, without a restart.</summary>
[Trait("Needs", "Machine")]
public sealed class StoreFailureTests : IAsyncLifetime
{
    private const string Path = "/api/v1/namespaces/default/configmaps";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly EtcdProcess _etcd = new("http", "--quota-backend-bytes", $"{6 << 20}");
    private TestApiServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HttpClient Client => _server!.Client;

    public async ValueTask InitializeAsync()
    {
        await _etcd.StartAsync(Token);
        _server = await TestApiServer.StartAsync(options => options with { EmbeddedStore = "", EtcdServers = [_etcd.Address.ToString()] });
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    [Fact]
    public async Task Etcd_WithoutSpace_RefusesWritesInItsWords_ServesReadsAndDeletes_AndRecovers()
    {
        var filled = await FillAsync();

        Assert.Equal((500, "etcdserver: mvcc: database space exceeded"), (filled.Status, filled.Body["message"]!.GetValue<string>()));
        var before = await RevisionAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await SendAsync(HttpMethod.Get, Path)).Status);
            Assert.Equal(200, (await SendAsync(HttpMethod.Get, $"{Path}/fill-0")).Status);
        }

        Assert.Equal(before, await RevisionAsync());
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, $"{Path}/fill-0")).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, $"{Path}/fill-0")).Status);

        // The file's size, which counts, is a power of two: half of what fills it must go. The second of them is left to see that it stays.
        for (var i = 2; (await SendAsync(HttpMethod.Delete, $"{Path}/fill-{i}")).Status is var status && status != 404; i++)
        {
            Assert.Equal(200, status);
        }

        // As etcd's documentation tells an administrator to; what is only marked as compacted would still take its room when the file is written anew.
        await EtcdctlAsync("compact", "--physical", $"{await RevisionAsync()}");
        await EtcdctlAsync("defrag");
        await EtcdctlAsync("alarm", "disarm");

        var again = await Eventually.GetAsync(_ => CreateAsync("again", 10), answer => answer.Status != 500, Limit, Token);
        Assert.Equal(201, again.Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, $"{Path}/fill-1")).Status);
    }

    [Fact]
    public async Task Value_ThatBreaksUnderTheServersFeet_IsToldAndCanBeDeleted()
    {
        Assert.Equal(201, (await CreateAsync("broken", 10)).Status);
        Assert.Equal(201, (await CreateAsync("good", 10)).Status);

        await EtcdctlAsync("put", "/registry/configmaps/default/broken", "garbage");

        var list = await Eventually.GetAsync(_ => SendAsync(HttpMethod.Get, Path), answer => answer.Status != 200, Limit, Token);
        Assert.Equal((500, "StorageReadError"), (list.Status, list.Body["reason"]!.GetValue<string>()));
        Assert.Equal(500, (await SendAsync(HttpMethod.Get, $"{Path}/broken")).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, $"{Path}/good")).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, "/api/v1/namespaces/kube-system/configmaps")).Status);

        using var options = new StringContent(
            """{"apiVersion":"v1","kind":"DeleteOptions","ignoreStoreReadErrorWithClusterBreakingPotential":true}""", Encoding.UTF8, "application/json");
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, $"{Path}/broken", options)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, Path)).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, $"{Path}/broken")).Status);
    }

    private async Task<(int Status, JsonNode Body)> FillAsync()
    {
        for (var i = 0; ; i++)
        {
            var answer = await CreateAsync($"fill-{i}", 500_000);
            if (answer.Status != 201)
            {
                return answer;
            }
        }
    }

    private async Task<(int Status, JsonNode Body)> CreateAsync(string name, int size)
    {
        using var body = new StringContent(
            $$$"""{"metadata":{"name":"{{{name}}}"},"data":{"a":"{{{new string('x', size)}}}"}}""", Encoding.UTF8, "application/json");
        return await SendAsync(HttpMethod.Post, Path, body);
    }

    private async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await Client.SendAsync(request, Token);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!);
    }

    private async Task<long> RevisionAsync() =>
        JsonNode.Parse(await EtcdctlAsync("endpoint", "status", "-w", "json"))![0]!["Status"]!["header"]!["revision"]!.GetValue<long>();

    private async Task<string> EtcdctlAsync(params string[] arguments)
    {
        var input = new CommandInput { Environment = new Dictionary<string, string> { ["ETCDCTL_API"] = "3" }, Timeout = Limit };
        var result = await CommandRunner.RunAsync("etcdctl", ["--endpoints", _etcd.Address.ToString().TrimEnd('/'), .. arguments], input, Token);
        return result.EnsureSuccess().Output;
    }
}
