using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class WatchTests(ServerFixture fixture)
{
    [Fact]
    public async Task Watch_WithInitialEvents_EndsTheListWithABookmark()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        using var watch = await client.WatchAsync(
            client.Core("configmaps?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"));

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        var bookmark = await watch.NextAsync();
        Assert.Equal("BOOKMARK", bookmark.StringAt("type"));
        Assert.Equal("true", bookmark.StringAt("object", "metadata", "annotations", "k8s.io/initial-events-end"));
        await client.CreateConfigMapAsync("b");
        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_WithoutVersion_StartsWithWhatThereIs()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        using var watch = await client.WatchAsync(client.Core("configmaps?watch=True"));
        await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"));

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("DELETED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_DeprecatedPath_IsTheSame()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        using var watch = await client.WatchAsync($"/api/v1/watch/namespaces/{client.Namespace}/configmaps");

        Assert.Equal("ADDED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_SelectorNoLongerMatches_IsTold()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"labels\":{\"x\":\"1\"}");
        using var watch = await client.WatchAsync(client.Core("configmaps?watch=true&labelSelector=x%3D1"));

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        var changed = await client.SendAsync(
            HttpMethod.Patch, client.Core("configmaps/a"), """{"metadata":{"labels":{"x":"2"}}}""", "application/merge-patch+json");

        var deleted = await watch.NextAsync();
        Assert.Equal("DELETED", deleted.StringAt("type"));
        Assert.Equal(changed.ResourceVersion, deleted.StringAt("object", "metadata", "resourceVersion"));
    }

    [Fact]
    public async Task Watch_Deletion_HasTheRevisionOfTheDeletion()
    {
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.CreateConfigMapAsync("a");
        using var watch = await client.WatchAsync(client.Core($"configmaps?watch=true&resourceVersion={created.ResourceVersion}"));

        await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"));

        var deleted = await watch.NextAsync();
        var version = long.Parse(deleted.StringAt("object", "metadata", "resourceVersion")!, null);
        Assert.True(version > long.Parse(created.ResourceVersion, null));
    }

    [Fact]
    public async Task Watch_TimeoutSeconds_EndsIt()
    {
        var client = await fixture.CreateNamespaceAsync();

        using var watch = await client.WatchAsync(client.Core("configmaps?watch=true&timeoutSeconds=1"));

        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_AsTable_HasColumnsInTheFirstEvent()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        await client.CreateConfigMapAsync("b");
        using var watch = await client.WatchAsync(client.Core("configmaps?watch=true"), "application/json;as=Table;v=v1;g=meta.k8s.io");

        var first = await watch.NextAsync();
        var second = await watch.NextAsync();

        Assert.Equal("Table", first.StringAt("object", "kind"));
        Assert.Equal(3, first.ObjectsAt("object", "columnDefinitions").Count());
        Assert.Empty(second.ObjectsAt("object", "columnDefinitions"));
        Assert.Single(second.ObjectsAt("object", "rows"));
    }

    [Theory]
    [InlineData("/api/v1/watch/namespaces/{ns}/configmaps/a")]
    [InlineData("/api/v1/namespaces/{ns}/configmaps/a?watch=true")]
    [InlineData("/api/v1/namespaces/{ns}/configmaps?watch=true&fieldSelector=metadata.name%3Da&resourceVersion=0")]
    [InlineData("/api/v1/watch/configmaps?fieldSelector=metadata.name%3Da,metadata.namespace%3D{ns}")]
    public async Task Watch_OfOneName_SeesOnlyIt(string path)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        await client.CreateConfigMapAsync("b");

        using var watch = await client.WatchAsync(path.Replace("{ns}", client.Namespace, StringComparison.Ordinal));
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/b"));
        await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"));

        Assert.Equal("DELETED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_DeprecatedPathOfAGroup_Works()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.SendAsync(HttpMethod.Post, $"/apis/policy/v1/namespaces/{client.Namespace}/poddisruptionbudgets", """{"metadata":{"name":"b"},"spec":{}}""")).Expect(201);

        using var watch = await client.WatchAsync($"/apis/policy/v1/watch/namespaces/{client.Namespace}/poddisruptionbudgets");

        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Watch_OtherMethod_IsNotAllowed(string method)
    {
        var client = await fixture.CreateNamespaceAsync();

        (await client.SendAsync(HttpMethod.Parse(method), $"/api/v1/watch/namespaces/{client.Namespace}/configmaps")).Expect(405);
    }

    [Fact]
    public async Task Watch_NameAndOtherSelector_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.GetAsync($"/api/v1/watch/namespaces/{client.Namespace}/configmaps/a?fieldSelector=metadata.name%3Db");

        Assert.Equal("fieldSelector metadata.name doesn't match requested name", answer.Expect(400).Message);
    }

    [Fact]
    public async Task Watch_WithoutInitialEvents_BeginsWithWhatIsNew()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("old");

        using var watch = await client.WatchAsync(client.Core("configmaps?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan"));
        await client.CreateConfigMapAsync("new");

        Assert.Equal("ADDED new", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_SelectorBeginsToMatch_IsAdded()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        using var watch = await client.WatchAsync(client.Core("configmaps?watch=true&labelSelector=x"));

        await client.SendAsync(HttpMethod.Patch, client.Core("configmaps/a"), """{"metadata":{"labels":{"x":"1"}}}""", "application/merge-patch+json");

        Assert.Equal("ADDED a", await watch.NextNameAsync());
    }

    [Theory]
    [InlineData("limit=1&watch=true")]
    [InlineData("watch=true&timeoutSeconds=99999999999")]
    [InlineData("watch=")]
    public async Task Watch_OddQuery_IsAWatch(string query)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        await client.CreateConfigMapAsync("b");

        using var watch = await client.WatchAsync(client.Core($"configmaps?{query}"));

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_Gzip_IsNotCompressed()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", data: $"\"k\":\"{new string('x', 300_000)}\"");
        using var request = new HttpRequestMessage(HttpMethod.Get, client.Core("configmaps?watch=1"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");

        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Null(response.Content.Headers.ContentLength);
    }
}
