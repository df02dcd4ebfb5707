using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>The time at which a volume came into its phase: the server's, unless the writer knows better.</summary>
[Collection(ServerCollection.Name)]
public sealed class VolumePhaseTests(ServerFixture fixture)
{
    private const string Path = "/api/v1/persistentvolumes";
    private const string Past = "2020-01-01T00:00:00Z";

    [Fact]
    public async Task Phase_Changed_IsTimed()
    {
        var client = await fixture.CreateNamespaceAsync();
        var name = $"phase-{client.Namespace}";
        (await client.SendAsync(
            HttpMethod.Post, Path, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"} } }""")).Expect(201);
        async Task<string?> TimeOfAsync(string status) =>
            (await client.SendAsync(HttpMethod.Patch, $"{Path}/{name}/status", $$"""{"status":{{status}}}""", "application/merge-patch+json")).Expect(200)
            .Json.StringAt("status", "lastPhaseTransitionTime");

        Assert.Equal(Past, await TimeOfAsync($$"""{"phase":"Available","lastPhaseTransitionTime":"{{Past}}"}"""));
        Assert.Equal(Past, await TimeOfAsync("""{"message":"unchanged"}"""));
        Assert.NotEqual(Past, await TimeOfAsync("""{"phase":"Released"}"""));
    }
}
