using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class CrudTests(ServerFixture fixture)
{
    [Fact]
    public async Task Create_NewObject_AnswersWithIt()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.CreateConfigMapAsync("a");

        Assert.Equal("ConfigMap", answer.Json.StringAt("kind"));
        Assert.Equal("v1", answer.Json.StringAt("apiVersion"));
        Assert.Equal(client.Namespace, answer.Json.StringAt("metadata", "namespace"));
        Assert.True(long.Parse(answer.ResourceVersion, null) > 0);
        Assert.True(Guid.TryParse(answer.Json.StringAt("metadata", "uid"), out _));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", answer.Json.StringAt("metadata", "creationTimestamp"));
        Assert.EndsWith("}\n", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TakenName_Conflicts()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.CreateAsync("configmaps", """{"metadata":{"name":"a"}}""");

        answer.Expect(409);
        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"configmaps \"a\" already exists","reason":"AlreadyExists","details":{"name":"a","kind":"configmaps"},"code":409}""" + "\n",
            answer.Text);
    }

    [Fact]
    public async Task Get_CreatedObject_IsTheSameBytes()
    {
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.CreateConfigMapAsync("a");

        var answer = await client.GetAsync(client.Core("configmaps/a"));

        Assert.Equal(created.Text, answer.Expect(200).Text);
    }

    [Fact]
    public async Task Update_StaleVersion_Conflicts()
    {
        var client = await fixture.CreateNamespaceAsync();
        var first = await client.CreateConfigMapAsync("a");
        var body = first.Json;
        body["data"] = new System.Text.Json.Nodes.JsonObject { ["a"] = "2" };
        (await client.SendAsync(HttpMethod.Put, client.Core("configmaps/a"), body.ToJsonString())).Expect(200);
        body["data"] = new System.Text.Json.Nodes.JsonObject { ["a"] = "3" };

        var answer = await client.SendAsync(HttpMethod.Put, client.Core("configmaps/a"), body.ToJsonString());

        Assert.Equal(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again",
            answer.Expect(409).Message);
    }

    [Fact]
    public async Task List_AfterCreates_HasItemsInOrderWithoutKinds()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("b");
        await client.CreateConfigMapAsync("a");

        var answer = (await client.GetAsync(client.Core("configmaps"))).Expect(200);

        Assert.Equal("ConfigMapList", answer.Json.StringAt("kind"));
        Assert.Equal(["a", "b"], answer.Names);
        Assert.All(answer.Json.ObjectsAt("items"), item => Assert.False(item.ContainsKey("kind")));
    }

    [Fact]
    public async Task Watch_FromListVersion_TellsEveryChangeInOrder()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("old");
        var list = await client.GetAsync(client.Core("configmaps"));
        using var watch = await client.WatchAsync(client.Core($"configmaps?watch=true&resourceVersion={list.ResourceVersion}"));

        await client.CreateConfigMapAsync("a");
        await client.SendAsync(HttpMethod.Patch, client.Core("configmaps/a"), """{"data":{"a":"2"}}""", "application/merge-patch+json");
        await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"));

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("MODIFIED a", await watch.NextNameAsync());
        Assert.Equal("DELETED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Delete_ConfigMap_AnswersWithStatus()
    {
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.CreateConfigMapAsync("a");

        var answer = (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"))).Expect(200);

        Assert.Equal(
            $$$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"a","kind":"configmaps","uid":"{{{created.Json.StringAt("metadata", "uid")}}}"}}""" + "\n",
            answer.Text);
        (await client.GetAsync(client.Core("configmaps/a"))).Expect(404);
    }
}
