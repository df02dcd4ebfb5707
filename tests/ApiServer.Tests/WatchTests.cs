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
}
