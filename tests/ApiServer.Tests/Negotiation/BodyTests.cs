using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Tests.Negotiation;

[Collection(ServerCollection.Name)]
public sealed class BodyTests(ServerFixture fixture)
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";

    private static readonly string[] Types = ["application/json", "application/yaml", Protobuf];

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF-8;version=2")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("")]
    public async Task Create_JsonWithParametersOrNothing_IsTaken(string contentType)
    {
        var client = await fixture.CreateNamespaceAsync();

        (await client.SendAsync(HttpMethod.Post, client.Core("configmaps"), """{"metadata":{"name":"a"}}""", contentType)).Expect(201);
    }

    [Fact]
    public async Task Create_Yaml_IsTaken()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(
            HttpMethod.Post, client.Core("configmaps"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: |\n    x\n", "application/yaml", "application/yaml");

        Assert.Contains("  k: |\n    x\n", answer.Expect(201).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/cbor")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/merge-patch+json")]
    public async Task Create_UnknownType_IsRefusedWithTheList(string contentType)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(HttpMethod.Post, client.Core("configmaps"), """{"metadata":{"name":"a"}}""", contentType);

        Assert.Equal("UnsupportedMediaType", answer.Expect(415).Reason);
        Assert.Equal(
            "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
            answer.Message);
    }

    [Fact]
    public async Task Create_ProtobufWithGarbage_IsABadRequest()
    {
        var client = await fixture.CreateNamespaceAsync();

        foreach (var body in (byte[][])[[.. "k8s\0"u8, 0xff, 0xff, 0xff, 0xff, 1], [.. "k8s\0"u8, 0x12, 0x7f, 1], [.. "nonsense"u8], [.. "k8s\0"u8]])
        {
            var (response, _) = await client.SendBytesAsync(HttpMethod.Post, client.Core("configmaps"), body, Protobuf);
            Assert.True((int)response.StatusCode is 400 or 422, $"{(int)response.StatusCode}");
        }

        (await client.GetAsync(client.Core("configmaps"))).Expect(200);
    }

    [Theory]
    [InlineData(0, "v1")]
    [InlineData(0, "meta.k8s.io/v1")]
    [InlineData(0, "apps/v1")]
    [InlineData(1, "v1")]
    [InlineData(2, "v1")]
    [InlineData(2, "apps/v1")]
    public async Task Delete_OptionsInEveryEncoding_AreObeyed(int encoding, string apiVersion)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var (response, _) = await client.SendBytesAsync(HttpMethod.Delete, client.Core("configmaps/a"), Options(encoding, apiVersion), Types[encoding]);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("""["orphan"]""", (await client.GetAsync(client.Core("configmaps/a"))).Expect(200).Json.At("metadata", "finalizers")?.ToJsonString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task DeleteCollection_OptionsInEveryEncoding_AreObeyed(int encoding)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var (response, body) = await client.SendBytesAsync(
            HttpMethod.Delete, client.Core("configmaps"), Options(encoding, "v1"), Types[encoding], $"Accept: {Protobuf}");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("ConfigMapList", ProtobufCodec.Decode(body).Object.StringAt("kind"));
        Assert.Equal("""["orphan"]""", (await client.GetAsync(client.Core("configmaps/a"))).Expect(200).Json.At("metadata", "finalizers")?.ToJsonString());
    }

    [Fact]
    public async Task Delete_BodyOfAnotherKind_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"), """{"kind":"Pod","apiVersion":"v1"}""")).Expect(400);

        (await client.GetAsync(client.Core("configmaps/a"))).Expect(200);
    }

    private static byte[] Options(int encoding, string apiVersion)
    {
        var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = apiVersion, ["propagationPolicy"] = "Orphan" };
        return encoding switch
        {
            0 => Encoding.UTF8.GetBytes(options.ToJsonString()),
            1 => Encoding.UTF8.GetBytes(YamlCodec.Write(options)),
            _ => ProtobufCodec.Encode(options, TypeGraph.BuiltIn.Find(new GroupVersionKind("", "v1", "DeleteOptions"))!),
        };
    }
}
