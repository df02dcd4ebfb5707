using System.Text;

using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Tests.Discovery;

[Collection(ServerCollection.Name)]
public sealed class DiscoveryTests(ServerFixture fixture)
{
    private ApiClient Client => new(fixture.Server.Client, "default");

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/apis")]
    [InlineData("/apis/")]
    [InlineData("/version")]
    [InlineData("/version/")]
    [InlineData("/apis/apps")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/")]
    public async Task Get_KnownPath_Answers(string path) => (await Client.GetAsync(path)).Expect(200);

    [Theory]
    [InlineData("/nosuch")]
    [InlineData("/apis/nosuch.example.com")]
    [InlineData("/apis/nosuch.example.com/v1")]
    [InlineData("/apis/nosuch.example.com/v1/things")]
    [InlineData("/apis/nosuch.example.com/v1/namespaces/default/things/a")]
    [InlineData("/healthz/nosuch")]
    [InlineData("/apiserver")]
    public async Task Get_PathOfNobody_IsAPageNotFound(string path)
    {
        var answer = (await Client.GetAsync(path)).Expect(404);

        Assert.Equal("404 page not found\n", answer.Text);
        Assert.Equal("text/plain; charset=utf-8", answer.ContentHeaders.ContentType?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("/api/v2")]
    [InlineData("/api/v1/nosuch")]
    [InlineData("/api/v1/namespaces/default/nosuch/a")]
    [InlineData("/apis/apps/v9")]
    [InlineData("/apis/apps/v1/nosuch")]
    [InlineData("/apis/apps/v9/namespaces/default/deployments")]
    [InlineData("/api/v1/namespaces/default/pods/a/nosuch")]
    [InlineData("/api/v1/pods/a")]
    public async Task Get_UnknownOfKnownGroup_IsAStatus(string path)
    {
        var answer = (await Client.GetAsync(path)).Expect(404);

        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server could not find the requested resource","reason":"NotFound","details":{},"code":404}""" + "\n",
            answer.Text);
    }

    [Theory]
    [InlineData("HEAD", "/api/v1/namespaces/default/pods")]
    [InlineData("HEAD", "/api/v1/namespaces/default")]
    [InlineData("OPTIONS", "/api/v1/namespaces/default/pods")]
    [InlineData("POST", "/api/v1/namespaces/default/pods/a")]
    [InlineData("POST", "/api/v1/pods")]
    [InlineData("PUT", "/api/v1/namespaces/default/pods")]
    [InlineData("DELETE", "/api/v1/pods")]
    [InlineData("DELETE", "/api/v1/namespaces")]
    [InlineData("POST", "/api")]
    [InlineData("PUT", "/apis/apps/v1")]
    public async Task Send_MethodWithoutRoute_IsNotAllowed(string method, string path)
    {
        var answer = (await Client.SendAsync(HttpMethod.Parse(method), path, method is "POST" or "PUT" ? "{}" : null)).Expect(405);

        if (method != "HEAD")
        {
            Assert.Equal("the server does not allow this method on the requested resource", answer.Message);
            Assert.Equal("MethodNotAllowed", answer.Reason);
        }
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v2beta1")]
    public async Task Get_Aggregated_RepeatsItsTypeAndAnswers304(string version)
    {
        var accept = $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";

        var answer = (await Client.GetAsync("/apis", accept)).Expect(200);
        var (again, body) = await Client.SendBytesAsync(HttpMethod.Get, "/apis", null, "", $"Accept: {accept}", $"If-None-Match: {answer.Headers.ETag}");

        Assert.Equal(accept, answer.ContentHeaders.ContentType?.ToString().Replace("; ", ";", StringComparison.Ordinal));
        Assert.Equal($"apidiscovery.k8s.io/{version}", answer.Json.StringAt("apiVersion"));
        Assert.Equal("public", answer.Headers.CacheControl?.ToString());
        Assert.Contains("Accept", answer.Headers.Vary);
        Assert.Equal(304, (int)again.StatusCode);
        Assert.Empty(body);
    }

    [Fact]
    public async Task Get_ResourceListAsProtobuf_IsTheSame()
    {
        var json = (await Client.GetAsync("/api/v1")).Expect(200).Json;

        var (_, body) = await Client.SendBytesAsync(HttpMethod.Get, "/api/v1", null, "", "Accept: application/vnd.kubernetes.protobuf");

        Assert.Equal(
            json.ObjectsAt("resources").Select(resource => resource.StringAt("name")),
            ProtobufCodec.Decode(body).Object.ObjectsAt("resources").Select(resource => resource.StringAt("name")));
    }

    [Fact]
    public async Task Get_Root_ListsPaths()
    {
        var paths = (await Client.GetAsync("/")).Expect(200).Json.At("paths")!.AsArray().Select(path => path!.GetValue<string>()).ToList();

        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
        Assert.Superset(
            new HashSet<string> { "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/healthz", "/healthz/etcd", "/livez/ping", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz/informer-sync", "/version" },
            paths.ToHashSet());
    }

    [Theory]
    [InlineData("/livez", "ok")]
    [InlineData("/readyz", "ok")]
    [InlineData("/readyz/etcd", "ok")]
    [InlineData("/livez/ping", "ok")]
    [InlineData("/readyz/poststarthook/bootstrap-controller", "ok")]
    [InlineData("/livez?verbose", "[+]ping ok\n[+]etcd ok\nlivez check passed\n")]
    [InlineData("/healthz?verbose&exclude=etcd", "[+]ping ok\n[+]etcd excluded: ok\nhealthz check passed\n")]
    [InlineData("/livez?verbose&exclude=none", "[+]ping ok\n[+]etcd ok\nwarn: some health checks cannot be excluded: no matches for \"none\"\nlivez check passed\n")]
    public async Task Get_Health_SpeaksAsUpstream(string path, string text)
    {
        var answer = (await Client.GetAsync(path)).Expect(200);

        Assert.Equal(text, answer.Text);
        Assert.Equal("text/plain; charset=utf-8", answer.ContentHeaders.ContentType?.ToString());
    }

    [Fact]
    public async Task Head_Health_Answers()
    {
        var (response, body) = await Client.SendBytesAsync(HttpMethod.Head, "/livez/ping", null, "");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Empty(body);
    }

    [Fact]
    public async Task Get_VersionByCurl_IsForPeople()
    {
        var (_, body) = await Client.SendBytesAsync(HttpMethod.Get, "/version", null, "", "User-Agent: curl/8");

        Assert.StartsWith("{\n  \"major\": \"1\",\n  \"minor\": \"34\"", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }
}
