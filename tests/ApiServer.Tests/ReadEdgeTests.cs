using Microsoft.Extensions.Time.Testing;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests;

/// <summary>Reads at the edges: states that are forgotten, and what comes only with time.</summary>
public sealed class ReadEdgeTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Continue_AfterItsStateIsForgotten_IsExpiredWithATokenForTheRest()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await TestApiServer.StartAsync(clock: clock);
        var client = await WithConfigMapsAsync(server, "a", "b", "c");
        var first = (await client.GetAsync($"{ConfigMaps}?limit=1")).Expect(200);
        var token = Uri.EscapeDataString(first.Json.StringAt("metadata", "continue") ?? "");
        await client.CreateConfigMapAsync("d");

        // Pages are kept for five minutes, and the store forgets what is older than that.
        var expired = await Eventually.GetAsync(
            async _ =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                await client.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/d", $$$"""{"data":{"at":"{{{clock.GetUtcNow():HHmmss}}}"} }""", "application/merge-patch+json");
                return await client.GetAsync($"{ConfigMaps}?limit=2&continue={token}");
            },
            answer => answer.Status != 200,
            Patience,
            Cancelled);

        Assert.Equal("Expired", expired.Expect(410).Reason);
        Assert.Equal(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in "
            + "this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
            + "deleted between the time the first chunk was returned and now may show up in the list.",
            expired.Message);
        var rest = Uri.EscapeDataString(expired.Json.StringAt("metadata", "continue") ?? "");
        var second = (await client.GetAsync($"{ConfigMaps}?limit=2&continue={rest}")).Expect(200);
        Assert.Equal(["b", "c"], second.Names);
        Assert.NotEqual(first.ResourceVersion, second.ResourceVersion);
        var third = await client.GetAsync($"{ConfigMaps}?limit=2&continue={Uri.EscapeDataString(second.Json.StringAt("metadata", "continue") ?? "")}");
        Assert.Equal(["d"], third.Expect(200).Names);
        Assert.Equal(second.ResourceVersion, third.ResourceVersion);

        // A list of that version says the same in other words, and offers nothing.
        var exact = await client.GetAsync($"{ConfigMaps}?resourceVersion={first.ResourceVersion}&resourceVersionMatch=Exact");
        Assert.Equal("The resourceVersion for the provided list is too old.", exact.Expect(410).Message);
        Assert.Null(exact.Json.StringAt("metadata", "continue"));
    }

    [Theory]
    [InlineData("?watch=1&")]
    [InlineData("?watch=1&allowWatchBookmarks=true&")]
    public async Task Watch_FromAVersionThatIsForgotten_IsToldSoInTheStream(string query)
    {
        using var folder = new TemporaryFolder();
        await using (var earlier = await TestApiServer.StartAsync(options => options with { EmbeddedStore = folder.File("store.db") }))
        {
            var before = new ApiClient(earlier.Client, "default");
            await Parallel.ForEachAsync(Enumerable.Range(0, 1100), Cancelled, async (index, _) => await before.CreateConfigMapAsync($"a{index}"));
        }

        // The history of changes begins a thousand revisions before a server starts.
        await using var server = await TestApiServer.StartAsync(options => options with { EmbeddedStore = folder.File("store.db") });
        var client = new ApiClient(server.Client, "default");
        using var watch = await client.WatchAsync($"{ConfigMaps}{query}resourceVersion=2");

        // As upstream: 200, since every client's watch looks for the end of its version among the events.
        Assert.Equal(200, watch.Status);
        var told = await watch.NextAsync();
        Assert.Equal("ERROR", told.StringAt("type"));
        Assert.Equal(("Status", "Failure", "Expired"), (told.StringAt("object", "kind"), told.StringAt("object", "status"), told.StringAt("object", "reason")));
        Assert.Equal(410, told.IntegerAt("object", "code"));
        Assert.Matches(@"^too old resource version: 2 \(\d+\)$", told.StringAt("object", "message") ?? "");
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Bookmarks_ComeAboutEveryMinute_ToWhoAsks()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await TestApiServer.StartAsync(clock: clock);
        var client = await WithConfigMapsAsync(server, "a");
        var listed = (await client.GetAsync(ConfigMaps)).ResourceVersion;
        using var asks = await client.WatchAsync($"{ConfigMaps}?watch=1&allowWatchBookmarks=true&resourceVersion={listed}");
        using var asksNot = await client.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={listed}");

        // Something else moves on; a watch that sees none of it can resume from there all the same.
        (await client.CreateAsync("secrets", """{"metadata":{"name":"s"}}""")).Expect(201);
        var newest = long.Parse((await client.GetAsync("/api/v1/namespaces/default/secrets")).ResourceVersion, System.Globalization.CultureInfo.InvariantCulture);
        clock.Advance(TimeSpan.FromSeconds(61));
        var bookmark = await asks.NextAsync();
        clock.Advance(TimeSpan.FromSeconds(61));
        var second = await asks.NextAsync();
        await client.CreateConfigMapAsync("b");

        Assert.Equal(("BOOKMARK", "ConfigMap", "v1"), (bookmark.StringAt("type"), bookmark.StringAt("object", "kind"), bookmark.StringAt("object", "apiVersion")));
        Assert.True(long.Parse(bookmark.StringAt("object", "metadata", "resourceVersion") ?? "", System.Globalization.CultureInfo.InvariantCulture) >= newest);
        Assert.Null(bookmark.At("object", "metadata", "name"));
        Assert.Equal("BOOKMARK", second.StringAt("type"));
        Assert.Equal("ADDED b", await asks.NextNameAsync());
        Assert.Equal("ADDED b", await asksNot.NextNameAsync());
    }

    private static async Task<ApiClient> WithConfigMapsAsync(TestApiServer server, params string[] names)
    {
        var client = new ApiClient(server.Client, "default");
        foreach (var name in names)
        {
            await client.CreateConfigMapAsync(name);
        }

        return client;
    }
}
