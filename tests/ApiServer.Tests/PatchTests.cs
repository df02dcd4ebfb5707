using System.Diagnostics;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>Patches that are wrong or meant to hurt (B08, B09), and what of an object a patch cannot change. What patches do right is tested without a server.</summary>
[Collection(ServerCollection.Name)]
public sealed class PatchTests(ServerFixture fixture)
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Unprocessable = "the server rejected our request due to an error in our request";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task JsonPatch_TenThousandAndOneOperations_IsTooLarge()
    {
        // B08.
        var client = await CreateAsync();
        var operations = string.Join(',', Enumerable.Repeat("""{"op":"add","path":"/data/k","value":"v"}""", 10_001));

        var answer = await PatchAsync(client, $"[{operations}]", Json);

        Assert.Equal("Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001", answer.Expect(413).Message);
        Assert.Equal("RequestEntityTooLarge", answer.Reason);
    }

    [Fact]
    public async Task JsonPatch_CopiesThatDouble_AreBoundedInTimeAndMemory()
    {
        // B08, CVE-2019-1002100.
        var client = await CreateAsync();
        var copies = string.Join(',', Enumerable.Range(0, 60).Select(i => $$$"""{"op":"copy","from":"/metadata","path":"/metadata/c{{{i}}}"}"""));
        var watch = Stopwatch.StartNew();
        var before = GC.GetTotalAllocatedBytes();

        var answer = await PatchAsync(client, $"[{copies}]", Json);

        Assert.Equal(Unprocessable, answer.Expect(422).Message);
        Assert.True(watch.Elapsed < Bound, $"{watch.Elapsed}");
        Assert.True(GC.GetTotalAllocatedBytes() - before < 512L * 1024 * 1024);
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/data/k","value":"other"}]""", 422, Unprocessable)]
    [InlineData("""[{"op":"remove","path":"/data/none"}]""", 422, Unprocessable)]
    [InlineData("""[{"op":"replace","path":"/data/none","value":"v"}]""", 422, Unprocessable)]
    [InlineData("""[{"op":"add","path":"/none/k","value":"v"}]""", 422, Unprocessable)]
    [InlineData("""[{"op":"frob","path":"/data"}]""", 422, Unprocessable)]
    [InlineData("""{"op":"add"}""", 400, "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp")]
    [InlineData("[1]", 400, "error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp")]
    [InlineData("""[{"op":1,"path":"/data"}]""", 400, "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string")]
    [InlineData("[", 400, "error decoding patch: unexpected end of JSON input")]
    [InlineData("""[{"op":"add","path":"/data","value":1}]""", 422, " \"\" is invalid: patch: Invalid value: ")]
    public async Task JsonPatch_Bad_IsRefused(string patch, int status, string message) => await RefusesAsync(patch, Json, status, message);

    [Theory]
    [InlineData("[]", 400, "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("{", 400, "error decoding patch: unexpected end of JSON input")]
    [InlineData("""{"data":5}""", 422, " \"\" is invalid: patch: Invalid value: ")]
    [InlineData("""{"metadata":"x"}""", 422, " \"\" is invalid: patch: Invalid value: ")]
    [InlineData("""{"metadata":{"name":"b"}}""", 400, "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("""{"metadata":{"name":null}}""", 400, "the name of the object (a based on URL) was undeterminable: name must be provided")]
    [InlineData("""{"metadata":{"namespace":"b"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("""{"metadata":{"uid":"b"}}""", 422, "ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"b\": field is immutable")]
    [InlineData("""{"kind":"Secret"}""", 400, "Secret in version \"v1\" cannot be handled as a ConfigMap: ")]
    public async Task MergePatch_Bad_IsRefused(string patch, int status, string message) => await RefusesAsync(patch, Merge, status, message);

    [Theory]
    [InlineData("[]", 400, "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("""{"data":{"$patch":"frob"}}""", 400, "unknown patch type: frob in map: map[$patch:frob]")]
    [InlineData("""{"data":5}""", 422, " \"\" is invalid: patch: Invalid value: \"map[data:5]\": ")]
    [InlineData("""{"metadata":{"uid":"b"}}""", 422, "ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"b\": field is immutable")]
    [InlineData("""{"$patch":"delete"}""", 400, "the name of the object (a based on URL) was undeterminable: name must be provided")]
    public async Task StrategicPatch_Bad_IsRefused(string patch, int status, string message) => await RefusesAsync(patch, Strategic, status, message);

    [Theory]
    [InlineData("""{"frob":1}""", Strategic, " \"\" is invalid: patch: Invalid value: \"map[frob:1]\": strict decoding error: unknown field \"frob\"")]
    [InlineData("""[{"op":"add","path":"/data/x","value":"1","frob":1}]""", Json, "strict decoding error: json patch unknown field \"[0].frob\"")]
    [InlineData("""{"data":{"x":"1","x":"2"}}""", Merge, "strict decoding error: duplicate field \"data.x\"")]
    public async Task Patch_StrictErrors_AreInvalidOrWarnings(string patch, string type, string message)
    {
        var client = await CreateAsync();

        var strict = await PatchAsync(client, patch, type, "?fieldValidation=Strict");
        var warned = await PatchAsync(client, patch, type);
        var ignored = await PatchAsync(client, patch, type, "?fieldValidation=Ignore");

        Assert.Contains(message, strict.Expect(422).Message, StringComparison.Ordinal);
        Assert.Contains(message[(message.LastIndexOf("error: ", StringComparison.Ordinal) + 7)..].Replace("\"", "\\\"", StringComparison.Ordinal),
            string.Join(';', warned.Expect(200).Headers.GetValues("Warning")), StringComparison.Ordinal);
        Assert.False(ignored.Expect(200).Headers.Contains("Warning"));
    }

    [Fact]
    public async Task Patch_Missing_IsNotFound()
    {
        var client = await fixture.CreateNamespaceAsync();

        (await PatchAsync(client, "{}", Merge)).Expect(404);
    }

    private async Task RefusesAsync(string patch, string type, int status, string message)
    {
        var client = await CreateAsync();
        var watch = Stopwatch.StartNew();

        var answer = await PatchAsync(client, patch, type);

        Assert.StartsWith(message, answer.Expect(status).Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < Bound, $"{watch.Elapsed}");
        Assert.Equal("v", (await client.GetAsync(client.Core("configmaps/a"))).Json.StringAt("data", "k"));
    }

    private async Task<ApiClient> CreateAsync()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", data: "\"k\":\"v\"");
        return client;
    }

    private static Task<ApiAnswer> PatchAsync(ApiClient client, string patch, string type, string query = "") =>
        client.SendAsync(HttpMethod.Patch, client.Core($"configmaps/a{query}"), patch, type);
}
