using System.Net;

namespace MiniKube.ApiServer.Tests;

/// <summary>Every combination of resourceVersion, resourceVersionMatch, limit and continue, by the table of upstream's documentation of the API.</summary>
[Collection(ServerCollection.Name)]
public sealed class VersionMatchTests(ServerFixture fixture)
{
    /// <summary>OLD is the version at which there was only a; NEW the one of the newest change; FUTURE is none yet; TOKEN continues after a at NEW.</summary>
    [Theory]
    [InlineData("", "a,b,c")]
    [InlineData("limit=2", "a,b")]
    [InlineData("resourceVersion=", "a,b,c")]
    [InlineData("resourceVersion=0", "a,b,c")]
    [InlineData("resourceVersion=0&limit=2", "a,b,c")]
    [InlineData("resourceVersion=0&resourceVersionMatch=NotOlderThan", "a,b,c")]
    [InlineData("resourceVersion=0&resourceVersionMatch=NotOlderThan&limit=2", "a,b,c")]
    [InlineData("resourceVersion=OLD", "a,b,c")]
    [InlineData("resourceVersion=OLD&limit=2", "a")]
    [InlineData("resourceVersion=OLD&resourceVersionMatch=NotOlderThan", "a,b,c")]
    [InlineData("resourceVersion=OLD&resourceVersionMatch=NotOlderThan&limit=2", "a,b")]
    [InlineData("resourceVersion=OLD&resourceVersionMatch=Exact", "a")]
    [InlineData("resourceVersion=OLD&resourceVersionMatch=Exact&limit=2", "a")]
    [InlineData("resourceVersion=NEW", "a,b,c")]
    [InlineData("resourceVersion=NEW&limit=2", "a,b")]
    [InlineData("resourceVersion=NEW&resourceVersionMatch=Exact", "a,b,c")]
    [InlineData("resourceVersion=NEW&resourceVersionMatch=Exact&limit=2", "a,b")]
    [InlineData("resourceVersion=NEW&resourceVersionMatch=NotOlderThan", "a,b,c")]
    [InlineData("resourceVersion=0&continue=TOKEN", "b,c")]
    [InlineData("continue=TOKEN", "b,c")]
    [InlineData("continue=TOKEN&limit=1", "b")]
    public async Task List_Valid_IsOfTheStateThatIsAskedFor(string query, string names)
    {
        var (client, asked) = await PrepareAsync(query);

        var answer = (await client.GetAsync(client.Core($"configmaps?{asked}"))).Expect(200);

        Assert.Equal(names, string.Join(',', answer.Names));
    }

    [Theory]
    [InlineData("resourceVersion=FUTURE", 504, "Timeout: Too large resource version: ")]
    [InlineData("resourceVersion=FUTURE&resourceVersionMatch=NotOlderThan", 504, "Timeout: Too large resource version: ")]
    [InlineData("resourceVersion=FUTURE&resourceVersionMatch=Exact", 504, "Timeout: Too large resource version: ")]
    [InlineData("resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersionMatch=NotOlderThan", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("resourceVersion=OLD&resourceVersionMatch=Frob", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Unsupported value: \"Frob\": supported values: \"\", \"Exact\", \"NotOlderThan\"")]
    [InlineData("resourceVersion=0&resourceVersionMatch=NotOlderThan&continue=TOKEN", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided")]
    [InlineData("resourceVersionMatch=NotOlderThan&continue=TOKEN", 422, "ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided]")]
    [InlineData("resourceVersion=OLD&continue=TOKEN", 400, "specifying resource version is not allowed when using continue")]
    public async Task List_Invalid_IsRefusedInUpstreamsWords(string query, int status, string message)
    {
        var (client, asked) = await PrepareAsync(query);

        Assert.StartsWith(message, (await client.GetAsync(client.Core($"configmaps?{asked}"))).Expect(status).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ADDED a,ADDED b,ADDED c")]
    [InlineData("resourceVersion=0", "ADDED a,ADDED b,ADDED c")]
    [InlineData("resourceVersion=OLD", "ADDED b,ADDED c")]
    [InlineData("resourceVersion=NEW", "")]
    [InlineData("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", "ADDED a,ADDED b,ADDED c,BOOKMARK")]
    [InlineData("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=0", "ADDED a,ADDED b,ADDED c,BOOKMARK")]
    [InlineData("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=OLD", "ADDED a,ADDED b,ADDED c,BOOKMARK")]
    [InlineData("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", "ADDED a,ADDED b,ADDED c")]
    [InlineData("sendInitialEvents=false&resourceVersionMatch=NotOlderThan", "")]
    [InlineData("sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=OLD", "ADDED b,ADDED c")]
    public async Task Watch_Valid_BeginsWhereItIsAskedTo(string query, string events)
    {
        var (client, asked) = await PrepareAsync(query);
        using var watch = await client.WatchAsync(client.Core($"configmaps?watch=1&{asked}"));
        await client.CreateConfigMapAsync("end");

        var seen = new List<string>();
        for (var next = await watch.NextNameAsync(); next != "ADDED end"; next = await watch.NextNameAsync())
        {
            Assert.NotEqual("", next);
            seen.Add(next);
        }

        Assert.Equal(events, string.Join(',', seen));
    }

    private async Task<(ApiClient Client, string Query)> PrepareAsync(string query)
    {
        var client = await fixture.CreateNamespaceAsync();
        var old = await client.CreateConfigMapAsync("a");
        await client.CreateConfigMapAsync("b");
        var newest = await client.CreateConfigMapAsync("c");
        if (query.Contains("TOKEN", StringComparison.Ordinal))
        {
            var first = await client.GetAsync(client.Core("configmaps?limit=1"));
            query = query.Replace("TOKEN", WebUtility.UrlEncode(first.Json["metadata"]!["continue"]!.GetValue<string>()), StringComparison.Ordinal);
        }

        return (client, query
            .Replace("OLD", old.ResourceVersion, StringComparison.Ordinal)
            .Replace("NEW", newest.ResourceVersion, StringComparison.Ordinal)
            .Replace("FUTURE", "900000000", StringComparison.Ordinal));
    }
}
