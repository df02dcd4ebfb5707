using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Patching;

namespace MiniKube.Api.Tests.Patching;

public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    [InlineData("""{"a":1}""", """{"a":{"b":2}}""", """{"a":{"b":2}}""")]
    public void Apply_ExamplesOfTheRfc_Hold(string document, string patch, string expected) =>
        Assert.Equal(expected, MergePatch.Apply((JsonObject)JsonNode.Parse(document)!, JsonNode.Parse(patch)).ToJsonString());

    [Fact]
    public void Apply_NoObject_IsABadRequest() =>
        Assert.Equal("Invalid JSON Patch", Assert.Throws<StatusException>(() => MergePatch.Apply([], new JsonArray())).Message);
}
