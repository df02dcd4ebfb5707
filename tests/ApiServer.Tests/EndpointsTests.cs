using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>Endpoints that users write.</summary>
[Collection(ServerCollection.Name)]
public sealed class EndpointsTests(ServerFixture fixture)
{
    private const string A = """{"ip":"10.0.0.1"}""";
    private const string B = """{"ip":"10.0.0.2"}""";
    private const string Http = """{"name":"http","port":80,"protocol":"TCP"}""";
    private const string Https = """{"name":"https","port":443,"protocol":"TCP"}""";

    /// <summary>Only upstream's controller brings what it writes into one form.</summary>
    [Theory]
    [InlineData("""{"addresses":[{B},{A}],"ports":[{Https},{Http}]}""")]
    [InlineData("""{"addresses":[{A}],"ports":[{Http}]},{"addresses":[{A}],"ports":[{Https}]}""")]
    [InlineData("""{"addresses":[{A},{A}],"ports":[{Http}]},{"notReadyAddresses":[{B},{A}],"ports":[{Http}]}""")]
    public async Task Write_Subsets_StayAsTheyAre(string written)
    {
        var client = await fixture.CreateNamespaceAsync();

        var created = (await client.SendAsync(HttpMethod.Post, client.Core("endpoints"), Body(written))).Expect(201);
        var same = (await client.SendAsync(HttpMethod.Put, client.Core("endpoints/e"), Body(written))).Expect(200);

        Assert.Equal(Expand($"[{written}]"), created.Json["subsets"]?.ToJsonString());
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
        .Replace("{Http}", Http, StringComparison.Ordinal)
        .Replace("{Https}", Https, StringComparison.Ordinal);
}
