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
