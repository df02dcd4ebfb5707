using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class FencingTests(ServerFixture fixture)
{
    [Fact]
    public async Task Write_WithTheTokenOfADeposedLeader_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/coordination.k8s.io/v1/namespaces/{client.Namespace}/leases";
        var first = (await client.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"a"}}""")).Expect(201);
        var firstToken = first.Json.StringAt("metadata", "annotations", Fencing.TokenAnnotation);
        (await CreateFencedAsync(client, "one", firstToken)).Expect(201);

        var second = (await client.SendAsync(
            HttpMethod.Patch, $"{path}/l", """{"spec":{"holderIdentity":"b"}}""", "application/merge-patch+json")).Expect(200);
        var renewed = (await client.SendAsync(
            HttpMethod.Patch, $"{path}/l", """{"spec":{"leaseDurationSeconds":9}}""", "application/merge-patch+json")).Expect(200);

        var refused = (await CreateFencedAsync(client, "two", firstToken)).Expect(412);
        Assert.Equal("Fenced", refused.Reason);
        (await CreateFencedAsync(client, "three", second.Json.StringAt("metadata", "annotations", Fencing.TokenAnnotation))).Expect(201);
        Assert.Null(renewed.Json.StringAt("metadata", "annotations", Fencing.TokenAnnotation));
        (await client.GetAsync(client.Core("configmaps/two"))).Expect(404);
    }

    private static async Task<ApiAnswer> CreateFencedAsync(ApiClient client, string name, string? token)
    {
        using var http = new HttpRequestMessage(HttpMethod.Post, client.Core("configmaps"));
        http.Headers.Add(Fencing.Header, Fencing.Format(new NamespacedName(client.Namespace, "l"), token ?? ""));
        http.Content = new StringContent($$$"""{"metadata":{"name":"{{{name}}}"}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var response = await client.Http.SendAsync(http, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new ApiAnswer((int)response.StatusCode, text, response.Headers, response.Content.Headers);
    }
}
