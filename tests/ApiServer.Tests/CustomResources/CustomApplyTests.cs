using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.CustomResources;

/// <summary>Server-side apply of custom resources: what their schema says of lists and maps, and what becomes of owners when versions come and go.</summary>
[Collection(ServerCollection.Name)]
public sealed class CustomApplyTests(ServerFixture fixture)
{
    private const string Schema = """
        { "type": "object", "properties": {
          "spec": { "type": "object", "properties": {
            "replicas": { "type": "integer" },
            "set": { "type": "array", "x-kubernetes-list-type": "set", "items": { "type": "string" } },
            "ports": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"], "items": { "type": "object", "required": ["port"],
              "properties": { "port": { "type": "integer" }, "protocol": { "type": "string", "default": "TCP" }, "name": { "type": "string" } } } },
            "list": { "type": "array", "items": { "type": "string" } },
            "atomic": { "type": "object", "x-kubernetes-map-type": "atomic", "properties": { "a": { "type": "string" }, "b": { "type": "string" } } },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } },
            "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true } } },
          "status": { "type": "object", "properties": { "phase": { "type": "string" } } } } }
        """;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static int _groups;

    private readonly string _group = $"apply{Interlocked.Increment(ref _groups)}.example.com";

    [Fact]
    public async Task Apply_NewAndAgain_OwnsWhatTheSchemaTellsApart()
    {
        var client = await DefineAsync();
        const string spec = """{"set":["b","a"],"ports":[{"port":80,"name":"web"}],"list":["x"],"atomic":{"a":"1"},"labels":{"l":"1"},"free":{"any":{"deep":[1]}}}""";

        var created = (await ApplyAsync(client, "one", spec)).Expect(201);
        var again = (await ApplyAsync(client, "one", spec)).Expect(200);

        Assert.Equal(created.Text, again.Text);
        Assert.Equal("TCP", created.Json.ObjectsAt("spec", "ports").Single().StringAt("protocol"));
        Assert.Equal(
            """
            {"f:spec":{"f:atomic":{},"f:free":{"f:any":{".":{},"f:deep":{}}},"f:labels":{"f:l":{}},"f:list":{},
            "f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{}}},"f:set":{"v:\"a\"":{},"v:\"b\"":{}}}}
            """.ReplaceLineEndings(""),
            Fields(created, "one"));
    }

    [Fact]
    public async Task Apply_ByTwo_EachKeepsAndTakesAwayItsOwn()
    {
        var client = await DefineAsync();
        (await ApplyAsync(client, "one", """{"set":["a","b"],"ports":[{"port":80,"name":"web"}],"labels":{"x":"1"},"free":{"m":{"x":1}}}""")).Expect(201);

        var both = (await ApplyAsync(
            client, "two", """{"set":["b","c"],"ports":[{"port":80,"protocol":"UDP"},{"port":80,"protocol":"TCP"}],"labels":{"y":"2"},"free":{"m":{"y":2}}}""")).Expect(200);
        var left = (await ApplyAsync(client, "one", "{}")).Expect(200);

        var spec = both.Json.ObjectAt("spec")!;
        Assert.Equal("""["a","b","c"]""", spec["set"]!.ToJsonString());
        Assert.Equal("""{"x":"1","y":"2"} {"m":{"x":1,"y":2}}""", $"{spec["labels"]!.ToJsonString()} {spec["free"]!.ToJsonString()}");
        Assert.Equal(["80 TCP web", "80 UDP "], both.Json.ObjectsAt("spec", "ports").Select(Port).Order());
        spec = left.Json.ObjectAt("spec")!;
        Assert.Equal("""["b","c"]""", spec["set"]!.ToJsonString());
        Assert.Equal("""{"y":"2"} {"m":{"y":2}}""", $"{spec["labels"]!.ToJsonString()} {spec["free"]!.ToJsonString()}");
        Assert.Equal(["80 TCP ", "80 UDP "], left.Json.ObjectsAt("spec", "ports").Select(Port).Order());
    }

    [Theory]
    [InlineData("""{"ports":[{"port":80,"name":"other"}]}""", ".spec.ports[port=80,protocol=\"TCP\"].name")]
    [InlineData("""{"list":["y"]}""", ".spec.list")]
    [InlineData("""{"atomic":{"b":"1"}}""", ".spec.atomic")]
    [InlineData("""{"free":{"any":{"deep":[2]}}}""", ".spec.free.any.deep")]
    public async Task Apply_OtherValue_ConflictsUnlessForced(string spec, string path)
    {
        var client = await DefineAsync();
        var created = (await ApplyAsync(client, "one", """{"ports":[{"port":80,"name":"web"}],"list":["x"],"atomic":{"a":"1"},"free":{"any":{"deep":[1]}}}""")).Expect(201);

        var conflict = (await ApplyAsync(client, "two", spec)).Expect(409);
        var forced = (await ApplyAsync(client, "two", spec, "&force=true")).Expect(200);

        Assert.Equal($"Apply failed with 1 conflict: conflict with \"one\": {path}", conflict.Message);
        Assert.NotEqual(Fields(created, "one"), Fields(forced, "one"));
        Assert.Equal($"one {_group}/v1, two {_group}/v1", Owners(forced));
    }

    [Fact]
    public async Task Apply_FieldThatTheSchemaHasNot_IsRefused()
    {
        var client = await DefineAsync();

        var answer = await ApplyAsync(client, "one", """{"frob":1}""");

        Assert.Equal(
            $"failed to create typed patch object (/a; {_group}/v1, Kind=CronTab): .spec.frob: field not declared in schema", answer.Expect(500).Message);
    }

    [Fact]
    public async Task Apply_Status_IsTheStatusOnly()
    {
        var client = await DefineAsync();
        (await ApplyAsync(client, "one", """{"replicas":1}""")).Expect(201);

        var answer = await client.SendAsync(
            HttpMethod.Patch,
            $"{Path(client)}/status?fieldManager=two",
            $$$"""{"apiVersion":"{{{_group}}}/v1","kind":"CronTab","metadata":{"name":"a"},"spec":{"replicas":5},"status":{"phase":"Good"}}""",
            "application/apply-patch+yaml");

        Assert.Equal((1L, "Good"), (answer.Expect(200).Json.IntegerAt("spec", "replicas"), answer.Json.StringAt("status", "phase")));
        Assert.Equal("""{"f:status":{"f:phase":{}}}""", Fields(answer, "two"));
    }

    [Fact]
    public async Task Owners_InOtherVersions_KeepTheirFieldsUntilTheVersionIsGone()
    {
        var client = await DefineAsync("v1beta1");
        (await ApplyAsync(client, "one", """{"replicas":1,"set":["a"]}""", version: "v1beta1")).Expect(201);

        // The same manager in the other version stays one owner, and what it no longer says goes.
        var moved = (await ApplyAsync(client, "one", """{"replicas":1}""")).Expect(200);
        (await ApplyAsync(client, "two", """{"set":["b"]}""", version: "v1beta1")).Expect(200);
        await ChangeAsync(client, definition => definition["spec"]!["versions"]![0]!["served"] = false);
        var conflict = (await ApplyAsync(client, "three", """{"replicas":2,"set":["b"]}""")).Expect(409);
        var forced = (await ApplyAsync(client, "three", """{"replicas":2,"set":["b"]}""", "&force=true")).Expect(200);
        await ChangeAsync(client, definition => ((JsonArray)definition["spec"]!["versions"]!).RemoveAt(0));

        // The server hears of the change of a definition a moment later.
        var after = await Eventually.GetAsync(
            _ => ApplyAsync(client, "three", """{"replicas":3,"set":["b"]}"""),
            answer => answer.Status == 200 && !Owners(answer).Contains("v1beta1", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);

        Assert.Equal($"one {_group}/v1", Owners(moved));
        Assert.Null(moved.Json.At("spec", "set"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .spec.replicas", conflict.Message);
        Assert.Equal($"three {_group}/v1, two {_group}/v1beta1", Owners(forced));
        Assert.Equal($"three {_group}/v1", Owners(after));
        Assert.Equal("""["b"]""", after.Json.At("spec", "set")!.ToJsonString());
    }

    private static string Port(JsonObject port) => $"{port.IntegerAt("port")} {port.StringAt("protocol")} {port.StringAt("name")}";

    private static string Fields(ApiAnswer answer, string manager) => answer.Json.ObjectsAt("metadata", "managedFields")
        .FirstOrDefault(entry => entry.StringAt("manager") == manager)?["fieldsV1"]!.ToJsonString(Relaxed) ?? "";

    private static string Owners(ApiAnswer answer) => string.Join(", ", answer.Json.ObjectsAt("metadata", "managedFields")
        .Select(entry => $"{entry.StringAt("manager")} {entry.StringAt("apiVersion")}").Order(StringComparer.Ordinal));

    private string Path(ApiClient client, string version = "v1") => $"/apis/{_group}/{version}/namespaces/{client.Namespace}/crontabs/a";

    private Task<ApiAnswer> ApplyAsync(ApiClient client, string manager, string spec, string query = "", string version = "v1") => client.SendAsync(
        HttpMethod.Patch,
        $"{Path(client, version)}?fieldManager={manager}{query}",
        $$$"""{"apiVersion":"{{{_group}}}/{{{version}}}","kind":"CronTab","metadata":{"name":"a"},"spec":{{{spec}}}}""",
        "application/apply-patch+yaml");

    private async Task<ApiClient> DefineAsync(params IEnumerable<string> olderVersions)
    {
        var client = await fixture.CreateNamespaceAsync();
        var definition = Definitions.CronTab(_group, Schema, """, "subresources": { "status": {} }""");
        var versions = (JsonArray)definition["spec"]!["versions"]!;
        foreach (var name in olderVersions)
        {
            var older = (JsonObject)versions[^1]!.DeepClone();
            (older["name"], older["storage"]) = (name, false);
            versions.Insert(0, older);
        }

        await client.DefineAsync(definition);
        return client;
    }

    private async Task ChangeAsync(ApiClient client, Action<JsonObject> change)
    {
        var path = $"{Definitions.Path}/crontabs.{_group}";
        var definition = (await client.GetAsync(path)).Json;
        change(definition);
        (await client.SendAsync(HttpMethod.Put, path, definition.ToJsonString())).Expect(200);
        await client.WaitAsync($"/apis/{_group}", answer => !answer.Text.Contains("v1beta1", StringComparison.Ordinal));
    }
}
