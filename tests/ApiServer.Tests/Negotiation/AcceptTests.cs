using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Tests.Negotiation;

[Collection(ServerCollection.Name)]
public sealed class AcceptTests(ServerFixture fixture)
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/json, */*;q=0.8", "application/json")]
    [InlineData("application/yaml", "application/yaml")]
    [InlineData("application/json;q=0.1,application/yaml;q=0.5", "application/yaml")]
    [InlineData("*/*,application/yaml", "application/yaml")]
    [InlineData("application/cbor,application/json", "application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json")]
    [InlineData(Protobuf + ",application/json", Protobuf)]
    [InlineData(Protobuf + ";as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1;g=meta.k8s.io", "application/json")]
    [InlineData("application/json;as=Table;v=v2;g=meta.k8s.io,application/yaml", "application/yaml")]
    [InlineData("application/json;as=Nonsense;v=v1;g=meta.k8s.io,application/json", "application/json")]
    public async Task Get_Accept_ChoosesTheEncoding(string accept, string contentType)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = (await client.GetAsync(client.Core("configmaps/a"), accept)).Expect(200);

        Assert.Equal(contentType, answer.ContentHeaders.ContentType?.ToString());
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("application/cbor")]
    [InlineData("application/json;as=Table;v=v3;g=meta.k8s.io")]
    [InlineData("application/json;stream=nonsense")]
    public async Task Get_NothingAcceptable_ListsWhatIs(string accept)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = (await client.GetAsync(client.Core("configmaps/a"), accept)).Expect(406);

        Assert.Equal(
            """
            {
              "kind": "Status",
              "apiVersion": "v1",
              "metadata": {},
              "status": "Failure",
              "message": "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf",
              "reason": "NotAcceptable",
              "code": 406
            }
            """,
            answer.Text);
    }

    [Fact]
    public async Task Create_NothingAcceptable_CreatesNothing()
    {
        var client = await fixture.CreateNamespaceAsync();

        (await client.SendAsync(HttpMethod.Post, client.Core("configmaps"), """{"metadata":{"name":"a"}}""", accept: "application/xml")).Expect(406);

        (await client.GetAsync(client.Core("configmaps/a"))).Expect(404);
    }

    [Fact]
    public async Task Watch_OnlyYaml_ListsWhatStreams()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = (await client.GetAsync(client.Core("configmaps?watch=1"), "application/yaml")).Expect(406);

        Assert.Contains("application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Protobuf_IsTheSameObject()
    {
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.CreateConfigMapAsync("a");

        var (response, body) = await client.SendBytesAsync(HttpMethod.Get, client.Core("configmaps/a"), null, "", $"Accept: {Protobuf}");

        Assert.Equal(Protobuf, response.Content.Headers.ContentType?.ToString());
        AssertSame(created.Json, ProtobufCodec.Decode(body).Object);
    }

    [Fact]
    public async Task List_ProtobufMetadata_IsAListOfMetadata()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var (_, body) = await client.SendBytesAsync(
            HttpMethod.Get, client.Core("configmaps"), null, "", $"Accept: {Protobuf};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");

        var list = ProtobufCodec.Decode(body).Object;
        Assert.Equal("PartialObjectMetadataList", list.StringAt("kind"));
        Assert.Equal("meta.k8s.io/v1", list.StringAt("apiVersion"));
        Assert.Equal("a", list.ObjectsAt("items").Single().StringAt("metadata", "name"));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public async Task Get_Metadata_IsOfTheVersionAskedFor(string version)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.GetAsync(client.Core("configmaps/a"), $"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v={version}");

        Assert.Equal($"meta.k8s.io/{version}", answer.Expect(200).Json.StringAt("apiVersion"));
        Assert.False(answer.Json.ContainsKey("data"));
    }

    [Fact]
    public async Task Get_YamlTable_IsATable()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.GetAsync(client.Core("configmaps/a"), "application/yaml;as=Table;g=meta.k8s.io;v=v1");

        Assert.Contains("kind: Table\n", answer.Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_PreferredEncoding_IsThatOfTheStatus()
    {
        var client = await fixture.CreateNamespaceAsync();

        var (_, protobuf) = await client.SendBytesAsync(HttpMethod.Get, client.Core("configmaps/none"), null, "", $"Accept: {Protobuf},application/json");
        var yaml = await client.GetAsync(client.Core("configmaps/none"), "application/yaml");

        var status = ProtobufCodec.Decode(protobuf).Object;
        Assert.Equal("NotFound", status.StringAt("reason"));
        Assert.Equal("configmaps \"none\" not found", status.StringAt("message"));
        Assert.Contains("reason: NotFound\n", yaml.Expect(404).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?pretty=true", "test/1", true)]
    [InlineData("?pretty=1", "test/1", true)]
    [InlineData("?pretty=false", "curl/8.5.0", false)]
    [InlineData("?pretty=nonsense", "curl/8.5.0", false)]
    [InlineData("", "curl/8.5.0", true)]
    [InlineData("", "Wget/1.21", true)]
    [InlineData("", "Mozilla/5.0 (X11; Linux x86_64)", true)]
    [InlineData("", "kubectl/v1.35.2", false)]
    public async Task Get_Pretty_IsForPeople(string query, string userAgent, bool isPretty)
    {
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.CreateConfigMapAsync("a", data: "\"k\":\"{\\\"x\\\": [1,\\\\\\\"]}\"");

        var (_, body) = await client.SendBytesAsync(HttpMethod.Get, client.Core("configmaps/a") + query, null, "", $"User-Agent: {userAgent}");

        var text = Encoding.UTF8.GetString(body);
        Assert.Equal(isPretty, text.StartsWith("{\n  \"kind\": \"ConfigMap\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {\n    \"name\": \"a\",\n", StringComparison.Ordinal));
        Assert.Equal(!isPretty, text.EndsWith('\n'));
        Assert.True(JsonNode.DeepEquals(created.Json, JsonNode.Parse(text)));
    }

    [Theory]
    [InlineData("gzip", 200_000, true)]
    [InlineData("deflate, gzip", 200_000, true)]
    [InlineData("gzip", 1000, false)]
    [InlineData("br", 200_000, false)]
    public async Task List_Gzip_OnlyWhenAskedAndLarge(string encoding, int size, bool isCompressed)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", data: $"\"k\":\"{new string('x', size)}\"");

        var (response, body) = await client.SendBytesAsync(HttpMethod.Get, client.Core("configmaps"), null, "", $"Accept-Encoding: {encoding}");

        Assert.Equal(isCompressed, response.Content.Headers.ContentEncoding.Contains("gzip"));
        Assert.Equal(isCompressed, response.Headers.Vary.Contains("Accept-Encoding"));
        await using Stream plain = isCompressed ? new GZipStream(new MemoryStream(body), CompressionMode.Decompress) : new MemoryStream(body);
        var list = await JsonNode.ParseAsync(plain, cancellationToken: TestContext.Current.CancellationToken) as JsonObject;
        Assert.Equal(size, list.ObjectsAt("items").Single().StringAt("data", "k")?.Length);
    }

    [Fact]
    public async Task Answer_EachRequest_HasUpstreamsHeaders()
    {
        var client = await fixture.CreateNamespaceAsync();

        var (response, _) = await client.SendBytesAsync(HttpMethod.Get, client.Core("configmaps"), null, "", "Audit-Id: mine");

        Assert.Equal("mine", response.Headers.GetValues("Audit-Id").Single());
        Assert.Equal("no-cache, private", response.Headers.CacheControl?.ToString());
    }

    private static void AssertSame(JsonObject expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected.ToJsonString()}\n{actual.ToJsonString()}");
}
