using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>What is stored of an Endpoints object is its canonical form, whatever was written.</summary>
[Collection(ServerCollection.Name)]
public sealed class EndpointsTests(ServerFixture fixture)
{
    private const string A = """{"ip":"10.0.0.1"}""";
    private const string B = """{"ip":"10.0.0.2"}""";
    private const string Http = """{"name":"http","port":80,"protocol":"TCP"}""";
    private const string Https = """{"name":"https","port":443,"protocol":"TCP"}""";

    [Theory]
    [InlineData("""{"addresses":[{B},{A}],"ports":[{Https},{Http}]}""", """{"addresses":[{A},{B}],"ports":[{Http},{Https}]}""")]
    [InlineData("""{"addresses":[{A}],"ports":[{Http}]},{"addresses":[{A}],"ports":[{Https}]}""", """{"addresses":[{A}],"ports":[{Http},{Https}]}""")]
    [InlineData("""{"addresses":[{A},{A}],"ports":[{Http}]},{"addresses":[{B},{A}],"ports":[{Http}]}""", """{"addresses":[{A},{B}],"ports":[{Http}]}""")]
    [InlineData("""{"addresses":[{B},{A}],"ports":[{Http},{Https}]},{"addresses":[{C}],"ports":[{Https}]}""", """{"addresses":[{A},{B}],"ports":[{Http}]},{"addresses":[{A},{B},{C}],"ports":[{Https}]}""")]
    [InlineData("""{"addresses":[{A}],"notReadyAddresses":[{A}],"ports":[{Http}]}""", """{"notReadyAddresses":[{A}],"ports":[{Http}]}""")]
    [InlineData("""{"notReadyAddresses":[{A}],"ports":[{Http}]},{"addresses":[{A}],"ports":[{Https}]}""", """{"notReadyAddresses":[{A}],"ports":[{Http}]},{"addresses":[{A}],"ports":[{Https}]}""")]
    [InlineData("""{"addresses":[{B}]},{"addresses":[{A}]}""", """{"addresses":[{A},{B}]}""")]
    [InlineData("""{"addresses":[{Pod2},{Pod1},{Pod1},{A}]}""", """{"addresses":[{A},{Pod1},{Pod2}]}""")]
    public async Task Write_Subsets_AreRepacked(string written, string stored)
    {
        var client = await fixture.CreateNamespaceAsync();

        var created = (await client.SendAsync(HttpMethod.Post, client.Core("endpoints"), Body(written))).Expect(201);
        var same = (await client.SendAsync(HttpMethod.Put, client.Core("endpoints/e"), Body(written))).Expect(200);

        Assert.Equal(Expand($"[{stored}]"), created.Json["subsets"]?.ToJsonString());
        Assert.Equal(created.ResourceVersion, same.ResourceVersion);
    }

    [Fact]
    public async Task Update_WithoutSubsets_LeavesNone()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.SendAsync(HttpMethod.Post, client.Core("endpoints"), Body("""{"addresses":[{A}],"ports":[{Http}]}"""))).Expect(201);

        var updated = (await client.SendAsync(HttpMethod.Put, client.Core("endpoints/e"), Body(""))).Expect(200);

        Assert.Null(updated.Json["subsets"]);
        Assert.Equal("e", updated.Json.StringAt("metadata", "name"));
    }

    /// <summary>Faults are named where the client wrote them.</summary>
    [Fact]
    public async Task Create_SubsetWithoutAddresses_IsInvalidAtItsOwnPlace()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(HttpMethod.Post, client.Core("endpoints"), Body("""{"addresses":[{B}],"ports":[{Https}]},{"ports":[{Http}]}"""));

        Assert.Equal("Endpoints \"e\" is invalid: subsets[1]: Required value: must specify `addresses` or `notReadyAddresses`", answer.Expect(422).Message);
    }

    private static string Body(string subsets) => Expand("{\"metadata\":{\"name\":\"e\"},\"subsets\":[" + subsets + "]}");

    private static string Expand(string text) => text
        .Replace("{A}", A, StringComparison.Ordinal)
        .Replace("{B}", B, StringComparison.Ordinal)
        .Replace("{C}", """{"ip":"10.0.0.3"}""", StringComparison.Ordinal)
        .Replace("{Pod1}", """{"ip":"10.0.0.1","targetRef":{"kind":"Pod","uid":"1"}}""", StringComparison.Ordinal)
        .Replace("{Pod2}", """{"ip":"10.0.0.1","targetRef":{"kind":"Pod","uid":"2"}}""", StringComparison.Ordinal)
        .Replace("{Http}", Http, StringComparison.Ordinal)
        .Replace("{Https}", Https, StringComparison.Ordinal);
}
