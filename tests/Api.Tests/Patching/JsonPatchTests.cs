using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Patching;

namespace MiniKube.Api.Tests.Patching;

public sealed class JsonPatchTests
{
    private const string Document = """{"a":{"b":1,"x/y~z":2},"l":[1,2,3],"n":null}""";

    [Theory]
    [InlineData("""[{"op":"add","path":"/a/c","value":{"d":1}}]""", """{"a":{"b":1,"x/y~z":2,"c":{"d":1}},"l":[1,2,3],"n":null}""")]
    [InlineData("""[{"op":"add","path":"/l/1","value":9}]""", """{"a":{"b":1,"x/y~z":2},"l":[1,9,2,3],"n":null}""")]
    [InlineData("""[{"op":"add","path":"/l/-","value":9}]""", """{"a":{"b":1,"x/y~z":2},"l":[1,2,3,9],"n":null}""")]
    [InlineData("""[{"op":"add","path":"/l/3","value":9}]""", """{"a":{"b":1,"x/y~z":2},"l":[1,2,3,9],"n":null}""")]
    [InlineData("""[{"op":"remove","path":"/a/x~1y~0z"}]""", """{"a":{"b":1},"l":[1,2,3],"n":null}""")]
    [InlineData("""[{"op":"remove","path":"/l/0"}]""", """{"a":{"b":1,"x/y~z":2},"l":[2,3],"n":null}""")]
    [InlineData("""[{"op":"replace","path":"/n","value":"s"}]""", """{"a":{"b":1,"x/y~z":2},"l":[1,2,3],"n":"s"}""")]
    [InlineData("""[{"op":"move","from":"/a/b","path":"/l/0"}]""", """{"a":{"x/y~z":2},"l":[1,1,2,3],"n":null}""")]
    [InlineData("""[{"op":"copy","from":"/a","path":"/c"}]""", """{"a":{"b":1,"x/y~z":2},"l":[1,2,3],"n":null,"c":{"b":1,"x/y~z":2}}""")]
    [InlineData("""[{"op":"test","path":"/l","value":[1,2,3.0]},{"op":"test","path":"/n","value":null},{"op":"remove","path":"/n"}]""", """{"a":{"b":1,"x/y~z":2},"l":[1,2,3]}""")]
    [InlineData("""[{"op":"replace","path":"","value":{}}]""", "{}")]
    public void Apply_Operation_DoesAsTheRfcSays(string patch, string expected)
    {
        var document = (JsonObject)JsonNode.Parse(Document)!;

        Assert.Equal(expected, JsonPatch.Apply(document, JsonNode.Parse(patch)).ToJsonString());
        Assert.Equal(Document, document.ToJsonString());
    }

    [Theory]
    [InlineData("""[{"op":"remove","path":"/nope"}]""")]
    [InlineData("""[{"op":"replace","path":"/nope","value":1}]""")]
    [InlineData("""[{"op":"replace","path":"/l/3","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/no/pe","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/4","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/01","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/-1","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"add","value":1}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"move","from":"/a","path":"/a/c"}]""")]
    [InlineData("""[{"op":"copy","from":"/nope","path":"/c"}]""")]
    [InlineData("""[{"op":"test","path":"/a/b","value":2}]""")]
    [InlineData("""[{"op":"frob","path":"/a"}]""")]
    [InlineData("""[{"op":"replace","path":"","value":[]}]""")]
    public void Apply_CannotBeDone_IsUnprocessable(string patch)
    {
        var exception = Assert.Throws<StatusException>(() => JsonPatch.Apply((JsonObject)JsonNode.Parse(Document)!, JsonNode.Parse(patch)));

        Assert.Equal((422, "the server rejected our request due to an error in our request"), (exception.Code, exception.Message));
    }

    [Theory]
    [InlineData("{}", "json: cannot unmarshal object into Go value of type jsonpatch.Patch")]
    [InlineData("\"a\"", "json: cannot unmarshal string into Go value of type jsonpatch.Patch")]
    [InlineData("[1]", "json: cannot unmarshal number into Go value of type jsonpatch.Operation")]
    public void Apply_NoPatch_IsABadRequest(string patch, string message)
    {
        var exception = Assert.Throws<StatusException>(() => JsonPatch.Apply([], JsonNode.Parse(patch)));

        Assert.Equal((400, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void Apply_TooManyOperations_IsTooLarge()
    {
        var operations = new JsonArray(
            [.. Enumerable.Range(0, 10_001).Select(_ => new JsonObject { ["op"] = "add", ["path"] = "/a", ["value"] = 1 })]);

        var exception = Assert.Throws<StatusException>(() => JsonPatch.Apply([], operations));

        Assert.Equal(
            (413, "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"),
            (exception.Code, exception.Message));
    }

    [Fact]
    public void Apply_CopiesThatDouble_StopAtThreeMebibytes()
    {
        var document = new JsonObject { ["a"] = new JsonArray(new string('x', 1000)) };
        var operations = new JsonArray(
            [.. Enumerable.Range(0, 30).Select(_ => new JsonObject { ["op"] = "copy", ["from"] = "/a", ["path"] = "/a/-" })]);

        Assert.Equal(422, Assert.Throws<StatusException>(() => JsonPatch.Apply(document, operations)).Code);
    }
}
