using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Tables;

[Collection(ServerCollection.Name)]
public sealed class TableAnswerTests(ServerFixture fixture)
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    [Theory]
    [InlineData("Succeeded", """[{"type":"Completed","status":"True","reason":"Succeeded","message":"The pod has completed successfully."}]""")]
    [InlineData("Failed", """[{"type":"Completed","status":"True","reason":"Failed","message":"The pod failed."}]""")]
    [InlineData("Running", null)]
    public async Task Pods_ThatHaveEnded_AreMarked(string phase, string? conditions)
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.CreateAsync("pods", """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Expect(201);
        (await client.SendAsync(HttpMethod.Patch, client.Core("pods/a/status"), "{\"status\":{\"phase\":\"" + phase + "\"}}", "application/merge-patch+json")).Expect(200);

        var row = (await client.GetAsync(client.Core("pods"), Table)).Expect(200).Json.ObjectsAt("rows").Single();

        Assert.Equal(conditions, row["conditions"]?.ToJsonString());
        Assert.Equal("PartialObjectMetadata", row.StringAt("object", "kind"));
    }

    [Fact]
    public async Task Columns_OfAFieldsDocumentation_CarryIt()
    {
        var client = await fixture.CreateNamespaceAsync();

        var columns = (await client.GetAsync(client.Core("secrets"), Table)).Expect(200).Json.ObjectsAt("columnDefinitions").ToList();

        Assert.Equal(
            "Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types",
            columns[1].StringAt("description"));
        Assert.Equal("name", columns[0].StringAt("format"));
    }

    [Fact]
    public async Task Scale_AsTable_ShowsItsReplicas()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{client.Namespace}/replicasets";
        (await client.SendAsync(
            HttpMethod.Post,
            path,
            """{"metadata":{"name":"r"},"spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""")).Expect(201);

        var table = (await client.GetAsync(path + "/r/scale", Table)).Expect(200).Json;

        Assert.Equal("Name:string|Desired:integer|Available:integer|Age:string", string.Join('|', table.ObjectsAt("columnDefinitions").Select(column => $"{column.StringAt("name")}:{column.StringAt("type")}")));
        Assert.StartsWith("""["r",3,0,""", table.ObjectsAt("rows").Single()["cells"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("replicas is the desired number of instances for the scaled object.", table.ObjectsAt("columnDefinitions").ElementAt(1).StringAt("description"));
        Assert.Equal("Scale", (await client.GetAsync(path + "/r/scale", "application/json;as=Table;v=v2;g=meta.k8s.io,application/json")).Expect(200).Json.StringAt("kind"));
    }

    [Fact]
    public async Task FlowSchemas_AreInOrderOfTheirPrecedence()
    {
        var client = await fixture.CreateNamespaceAsync();
        foreach (var (name, precedence) in new[] { ("a-last", 9001), ("z-first", 3) })
        {
            var schema = $$$$"""{"metadata":{"name":"{{{{name}}}}"},"spec":{"matchingPrecedence":{{{{precedence}}}},"priorityLevelConfiguration":{"name":"exempt"}}}""";
            (await client.SendAsync(HttpMethod.Post, "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", schema)).Expect(201);
        }

        var rows = (await client.GetAsync("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", Table)).Expect(200).Json.ObjectsAt("rows").ToList();
        var names = rows.ConvertAll(row => ((JsonArray)row["cells"]!)[0]!.GetValue<string>());

        Assert.True(names.IndexOf("z-first") < names.IndexOf("a-last"), string.Join(',', names));
    }
}
