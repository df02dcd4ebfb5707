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
    [InlineData("continue=garbage!", 400, "invalid continue token: continue key is not valid: illegal base64 data at input byte 7")]
    [InlineData("continue=eyJ2IjoidjIiLCJydiI6MSwic3RhcnQiOiJhIn0", 400, "invalid continue token: continue key is not valid: server does not recognize this encoded version v2")]
    [InlineData("continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MCwic3RhcnQiOiJhIn0", 400, "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)")]
    [InlineData("continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MX0", 400, "invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)")]
    [InlineData("continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi9zZWNyZXRzL2EifQ", 400, "invalid continue token: continue key is not valid: ../secrets/a")]
    [InlineData("limit=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("limit=9223372036854775808", 400, "strconv.ParseInt: parsing \"9223372036854775808\": value out of range")]
    [InlineData("resourceVersion=abc", 400, "invalid resource version: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax")]
    [InlineData("resourceVersion=-1", 400, "invalid resource version: resourceVersion: Invalid value: \"-1\": strconv.ParseUint: parsing \"-1\": invalid syntax")]
    [InlineData("resourceVersion=18446744073709551616", 400, "invalid resource version: resourceVersion: Invalid value: \"18446744073709551616\": strconv.ParseUint: parsing \"18446744073709551616\": value out of range")]
    [InlineData("watch=1&resourceVersion=abc", 422, "configmaps \"\" is invalid: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax")]
    [InlineData("resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("resourceVersion=1&resourceVersionMatch=X", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Unsupported value: \"X\": supported values: \"\", \"Exact\", \"NotOlderThan\"")]
    [InlineData("sendInitialEvents=true", 422, "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("sendInitialEvents=false", 422, "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("watch=1&sendInitialEvents=true", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]
    [InlineData("watch=1&resourceVersion=1&resourceVersionMatch=NotOlderThan", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")]
    [InlineData("watch=1&sendInitialEvents=true&resourceVersion=1&resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: \"Exact\": supported values: \"NotOlderThan\"]")]
    public async Task List_BadQuery_IsRefusedInUpstreamsWords(string query, int status, string message)
    {
        var client = await fixture.CreateNamespaceAsync();

        Assert.Equal(message, (await client.GetAsync(client.Core($"configmaps?{query}"))).Expect(status).Message);
    }

    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=9223372036854775807")]
    [InlineData("limit=0")]
    [InlineData("resourceVersion=0&limit=1")]
    [InlineData("resourceVersion=0&resourceVersionMatch=NotOlderThan")]
    public async Task List_AnyOrNoLimit_IsWhole(string query)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        await client.CreateConfigMapAsync("b");

        var answer = (await client.GetAsync(client.Core($"configmaps?{query}"))).Expect(200);

        Assert.Equal(["a", "b"], answer.Names);
        Assert.Null(answer.Json.At("metadata", "remainingItemCount"));
    }

    [Fact]
    public async Task List_PagesWithSelector_DoNotCountWhatRemains()
    {
        var client = await fixture.CreateNamespaceAsync();
        foreach (var name in (string[])["a", "b", "c"])
        {
            await client.CreateConfigMapAsync(name, ",\"labels\":{\"x\":\"1\"}");
        }

        var answer = (await client.GetAsync(client.Core("configmaps?limit=1&labelSelector=x"))).Expect(200);

        Assert.NotNull(answer.Json.StringAt("metadata", "continue"));
        Assert.Null(answer.Json.At("metadata", "remainingItemCount"));
    }

    [Fact]
    public async Task List_TokenOfAnotherResource_ReadsNothingOfIt()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("x");
        await client.CreateConfigMapAsync("y");
        (await client.CreateAsync("secrets", """{"metadata":{"name":"z"}}""")).Expect(201);
        var token = (await client.GetAsync(client.Core("configmaps?limit=1"))).Json.StringAt("metadata", "continue");

        var answer = (await client.GetAsync(client.Core($"secrets?continue={token}"))).Expect(200);

        Assert.Equal("SecretList", answer.Json.StringAt("kind"));
        Assert.DoesNotContain("y", answer.Names);
    }

    [Fact]
    public async Task List_ContinueWithVersion_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("x");
        await client.CreateConfigMapAsync("y");
        var first = await client.GetAsync(client.Core("configmaps?limit=1"));

        var answer = await client.GetAsync(client.Core($"configmaps?resourceVersion={first.ResourceVersion}&continue={first.Json.StringAt("metadata", "continue")}"));

        Assert.Equal("specifying resource version is not allowed when using continue", answer.Expect(400).Message);
    }

    [Fact]
    public async Task List_LimitAtAVersion_IsOfExactlyThatVersion()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        var b = await client.CreateConfigMapAsync("b");
        await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"));

        var answer = (await client.GetAsync(client.Core($"configmaps?limit=5&resourceVersion={b.ResourceVersion}"))).Expect(200);

        Assert.Equal(["a", "b"], answer.Names);
        Assert.Equal(b.ResourceVersion, answer.ResourceVersion);
    }

    [Theory]
    [InlineData("x=1", "a")]
    [InlineData("x==1", "a")]
    [InlineData("x!=1", "b,c")]
    [InlineData("x in (1,2)", "a,b")]
    [InlineData("x notin (1)", "b,c")]
    [InlineData("x", "a,b")]
    [InlineData("!x", "c")]
    [InlineData("x>1", "b")]
    [InlineData("x<2", "a")]
    [InlineData("x,x!=2", "a")]
    public async Task List_LabelOperators_Choose(string selector, string names)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"labels\":{\"x\":\"1\"}");
        await client.CreateConfigMapAsync("b", ",\"labels\":{\"x\":\"2\"}");
        await client.CreateConfigMapAsync("c");

        var answer = (await client.GetAsync(client.Core($"configmaps?labelSelector={Uri.EscapeDataString(selector)}"))).Expect(200);

        Assert.Equal(names, string.Join(',', answer.Names));
    }

    [Theory]
    [InlineData("metadata.name=b", "b")]
    [InlineData("metadata.name!=b", "a")]
    [InlineData("metadata.name==b,metadata.namespace!=other", "b")]
    [InlineData("metadata.namespace=other", "")]
    public async Task List_FieldSelector_Chooses(string selector, string names)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        await client.CreateConfigMapAsync("b");

        var answer = (await client.GetAsync(client.Core($"configmaps?fieldSelector={Uri.EscapeDataString(selector)}"))).Expect(200);

        Assert.Equal(names, string.Join(',', answer.Names));
    }

    [Theory]
    [InlineData("resourceVersion=abc", 400)]
    [InlineData("resourceVersion=900000000", 504)]
    [InlineData("resourceVersion=0", 200)]
    public async Task Get_Version_IsChecked(string query, int status)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        (await client.GetAsync(client.Core($"configmaps/a?{query}"))).Expect(status);
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
