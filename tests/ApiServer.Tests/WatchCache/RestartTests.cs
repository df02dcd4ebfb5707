using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Serialization;
using MiniKube.Storage.Embedded;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.WatchCache;

/// <summary>What clients see of a server that begins where another one ended.</summary>
public sealed class RestartTests : IDisposable
{
    private const string Path = "/api/v1/namespaces/default/configmaps";

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Watch_FromAVersionOfTheServerBefore_SeesEveryChangeSince()
    {
        string seen;
        await using (var first = await StartAsync())
        {
            var client = Client(first);
            await client.CreateConfigMapAsync("left", ",\"labels\":{\"x\":\"1\"}");
            seen = (await client.CreateConfigMapAsync("gone", ",\"labels\":{\"x\":\"1\"}")).ResourceVersion;
            await client.CreateConfigMapAsync("unseen", ",\"labels\":{\"x\":\"1\"}");
            (await client.SendAsync(HttpMethod.Delete, $"{Path}/gone")).Expect(200);
        }

        await using var second = await StartAsync();
        var other = Client(second);
        using var watch = await other.WatchAsync($"{Path}?watch=true&labelSelector=x%3D1&resourceVersion={seen}");

        Assert.Equal("ADDED unseen", await watch.NextNameAsync());
        Assert.Equal("DELETED gone", await watch.NextNameAsync());
        (await other.SendAsync(HttpMethod.Patch, $"{Path}/left", """{"metadata":{"labels":{"x":"2"}}}""", "application/merge-patch+json")).Expect(200);
        Assert.Equal("DELETED left", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_FromAVersionThatTheStoreHasForgotten_IsToldSo()
    {
        string seen;
        await using (var first = await StartAsync())
        {
            seen = (await Client(first).CreateConfigMapAsync("seen")).ResourceVersion;
            await Client(first).CreateConfigMapAsync("unseen");
        }

        await using (var store = await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = Database }, NullLogger<EmbeddedStore>.Instance, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            await store.CompactAsync(await store.CurrentRevisionAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }

        await using var second = await StartAsync();
        using var watch = await Client(second).WatchAsync($"{Path}?watch=true&resourceVersion={seen}");

        var refusal = await watch.NextAsync();
        Assert.Equal(("ERROR", "Expired"), (refusal.StringAt("type"), refusal.StringAt("object", "reason")));
        Assert.Contains("\"unseen\"", (await Client(second).GetAsync(Path)).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfAnyVersion_IsNotOlderThanTheServerBefore()
    {
        await using (var first = await StartAsync())
        {
            await Client(first).CreateConfigMapAsync("newest");
        }

        await using var second = await StartAsync();
        var list = (await Client(second).GetAsync($"{Path}?resourceVersion=0")).Expect(200);

        Assert.Contains("\"newest\"", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CustomResource_DefinedBeforeTheRestart_IsServedWithItsObjects()
    {
        const string Things = "/apis/example.com/v1/namespaces/default/things";
        await using (var first = await StartAsync())
        {
            var client = Client(first);
            (await client.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Definition)).Expect(201);
            await Eventually.GetAsync(_ => client.GetAsync(Things), answer => answer.Status == 200, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            (await client.SendAsync(HttpMethod.Post, Things, """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"one"}}""")).Expect(201);
        }

        await using var second = await StartAsync();

        Assert.Contains("\"one\"", (await Client(second).GetAsync(Things)).Expect(200).Text, StringComparison.Ordinal);
    }

    private const string Definition = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"things.example.com"},"spec":{"group":"example.com",
        "names":{"plural":"things","singular":"thing","kind":"Thing","listKind":"ThingList"},"scope":"Namespaced",
        "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
        """;

    private string Database => _files.File("store.db");

    private static ApiClient Client(TestApiServer server) => new(server.Client, "default");

    private Task<TestApiServer> StartAsync() => TestApiServer.StartAsync(options => options with { EmbeddedStore = Database });
}
