using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Resources.ServiceAllocation;

/// <summary>Services get addresses of the ranges that ServiceCIDRs add, as long as those are ready.</summary>
[Collection(ServerCollection.Name)]
public sealed class ServiceCidrTests(ServerFixture fixture)
{
    private const string Ranges = "/apis/networking.k8s.io/v1/servicecidrs";

    [Fact]
    public async Task Service_WithAddressOfAServiceCidr_IsTakenWhileThatIsReady()
    {
        var client = await fixture.CreateNamespaceAsync();
        var none = await CreateAsync(client, "a", "203.0.113.10");
        (await client.SendAsync(HttpMethod.Post, Ranges, """{"metadata":{"name":"test-svc-cidr"},"spec":{"cidrs":["203.0.113.0/24"]}}""")).Expect(201);
        await Eventually.GetAsync(async _ => await CreateAsync(client, "a", "203.0.113.10"), answer => answer.Status == 201, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var parent = (await client.GetAsync("/apis/networking.k8s.io/v1/ipaddresses/203.0.113.10")).Expect(200).Json.StringAt("spec", "parentRef", "name");
        (await client.SendAsync(
            HttpMethod.Patch,
            Ranges + "/test-svc-cidr/status",
            """{"status":{"conditions":[{"type":"Ready","status":"False","reason":"Terminating","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""",
            "application/merge-patch+json")).Expect(200);
        var after = await Eventually.GetAsync(
            async _ => await CreateAsync(client, "b", "203.0.113.11"), answer => answer.Status == 422, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(
            "Service \"a\" is invalid: spec.clusterIPs: Invalid value: [\"203.0.113.10\"]: failed to allocate IP 203.0.113.10: the provided network does not match the current range",
            none.Expect(422).Message);
        Assert.Equal("a", parent);
        Assert.Contains("the provided network does not match the current range", after.Message, StringComparison.Ordinal);
    }

    private static Task<ApiAnswer> CreateAsync(ApiClient client, string name, string address) =>
        client.CreateAsync(name == "b" ? "services?dryRun=All" : "services", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"clusterIP":"{{{address}}}","ports":[{"port":80}]}}""");
}
