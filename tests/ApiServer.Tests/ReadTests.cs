using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class ReadTests(ServerFixture fixture)
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    [Fact]
    public async Task List_InPages_IsOfOneRevision()
    {
        var client = await fixture.CreateNamespaceAsync();
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await client.CreateConfigMapAsync(name);
        }

        var first = (await client.GetAsync(client.Core("configmaps?limit=2"))).Expect(200);
        await client.CreateConfigMapAsync("bb");
        await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/e"));
        var token = Uri.EscapeDataString(first.Json.StringAt("metadata", "continue") ?? "");
        var second = (await client.GetAsync(client.Core($"configmaps?limit=10&continue={token}"))).Expect(200);

        Assert.Equal(["a", "b"], first.Names);
        Assert.Equal(3, first.Json.IntegerAt("metadata", "remainingItemCount"));
        Assert.Equal(["c", "d", "e"], second.Names);
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
        Assert.Null(second.Json.StringAt("metadata", "continue"));
    }

    [Fact]
    public async Task List_TokenOfAnotherNamespace_ReadsNothingOfIt()
    {
        var other = await fixture.CreateNamespaceAsync();
        var client = await fixture.CreateNamespaceAsync();
        await other.CreateConfigMapAsync("x");
        await other.CreateConfigMapAsync("y");
        await client.CreateConfigMapAsync("z");
        var first = await other.GetAsync(other.Core("configmaps?limit=1"));

        var answer = await client.GetAsync(client.Core($"configmaps?continue={first.Json.StringAt("metadata", "continue")}"));

        Assert.DoesNotContain("y", answer.Names);
    }

    [Theory]
    [InlineData("continue=garbage", 400)]
    [InlineData("limit=-1", 422)]
    [InlineData("limit=x", 400)]
    [InlineData("resourceVersion=abc", 422)]
    [InlineData("resourceVersion=-1", 422)]
    [InlineData("resourceVersion=18446744073709551616", 422)]
    [InlineData("labelSelector=a%3D%3D%3D", 400)]
    [InlineData("fieldSelector=spec.nosuch%3D1", 400)]
    [InlineData("resourceVersionMatch=Exact", 422)]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", 422)]
    [InlineData("sendInitialEvents=true", 422)]
    public async Task List_BadQuery_IsRefused(string query, int status)
    {
        var client = await fixture.CreateNamespaceAsync();

        (await client.GetAsync(client.Core($"configmaps?{query}"))).Expect(status);
    }

    [Fact]
    public async Task List_FutureVersion_TimesOutWithItsCause()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = (await client.GetAsync(client.Core("configmaps?resourceVersion=900000000&resourceVersionMatch=NotOlderThan"))).Expect(504);

        Assert.Equal("Timeout", answer.Reason);
        Assert.Equal("ResourceVersionTooLarge", answer.Json.ObjectsAt("details", "causes").Single().StringAt("reason"));
    }

    [Fact]
    public async Task List_ExactVersion_IsThatState()
    {
        var client = await fixture.CreateNamespaceAsync();
        var a = await client.CreateConfigMapAsync("a");
        await client.CreateConfigMapAsync("b");

        var answer = await client.GetAsync(client.Core($"configmaps?resourceVersion={a.ResourceVersion}&resourceVersionMatch=Exact"));

        Assert.Equal(["a"], answer.Expect(200).Names);
        Assert.Equal(a.ResourceVersion, answer.ResourceVersion);
    }

    [Fact]
    public async Task List_LabelSelector_Chooses()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"labels\":{\"x\":\"1\"}");
        await client.CreateConfigMapAsync("b", ",\"labels\":{\"x\":\"2\"}");

        var answer = await client.GetAsync(client.Core("configmaps?labelSelector=x+in+(2,3)"));

        Assert.Equal(["b"], answer.Expect(200).Names);
    }

    [Fact]
    public async Task List_AsTable_HasColumnsAndCells()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = (await client.GetAsync(client.Core("configmaps"), Table)).Expect(200);

        Assert.Equal("Table", answer.Json.StringAt("kind"));
        Assert.Equal("meta.k8s.io/v1", answer.Json.StringAt("apiVersion"));
        Assert.Equal(["Name", "Data", "Age"], answer.Json.ObjectsAt("columnDefinitions").Select(column => column.StringAt("name")));
        var row = answer.Json.ObjectsAt("rows").Single();
        Assert.Equal("a", row["cells"]![0]!.GetValue<string>());
        Assert.Equal("PartialObjectMetadata", row.StringAt("object", "kind"));
        Assert.Equal("a", row.StringAt("object", "metadata", "name"));
    }

    [Theory]
    [InlineData("None", null)]
    [InlineData("Object", "ConfigMap")]
    public async Task List_AsTable_IncludesWhatIsAsked(string include, string? kind)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.GetAsync(client.Core($"configmaps?includeObject={include}"), Table);

        Assert.Equal(kind, answer.Expect(200).Json.ObjectsAt("rows").Single().StringAt("object", "kind"));
    }

    [Fact]
    public async Task List_AsPartialMetadata_HasNoData()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.GetAsync(client.Core("configmaps"), "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");

        Assert.Equal("PartialObjectMetadataList", answer.Expect(200).Json.StringAt("kind"));
        Assert.False(answer.Json.ObjectsAt("items").Single().ContainsKey("data"));
    }

    [Fact]
    public async Task Get_AcceptsOnlyXml_IsNotAcceptable()
    {
        var client = await fixture.CreateNamespaceAsync();

        (await client.GetAsync(client.Core("configmaps"), "application/xml")).Expect(406);
    }

    [Fact]
    public async Task Get_ClusterScopedThroughNamespace_IsNotFound()
    {
        var client = await fixture.CreateNamespaceAsync();

        (await client.GetAsync(client.Core("nodes"))).Expect(404);
    }
}
