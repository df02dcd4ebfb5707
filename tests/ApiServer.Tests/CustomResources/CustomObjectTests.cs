using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.CustomResources;

/// <summary>Objects of one definition: what is refused, dropped and filled in, and what else may be asked of them.</summary>
public sealed class CustomObjectTests(CustomObjectTests.Server server) : IClassFixture<CustomObjectTests.Server>
{
    private const string Group = "objects.example.com";

    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "spec": {
              "type": "object", "required": ["cronSpec"],
              "properties": {
                "cronSpec": { "type": "string", "pattern": "^[*0-9 /]+$", "maxLength": 20, "minLength": 3 },
                "image": { "type": "string", "default": "nginx" },
                "replicas": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 10 },
                "ratio": { "type": "number", "multipleOf": 0.5 },
                "color": { "type": "string", "enum": ["red", "blue"] },
                "mail": { "type": "string", "format": "email" },
                "maybe": { "type": "string", "nullable": true },
                "port": { "x-kubernetes-int-or-string": true },
                "tags": { "type": "array", "items": { "type": "string" }, "x-kubernetes-list-type": "set", "maxItems": 3 },
                "ports": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": {
                  "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "number": { "type": "integer" } } } },
                "labels": { "type": "object", "additionalProperties": { "type": "string" }, "maxProperties": 2 },
                "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
                "template": { "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
                "one": { "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
                  "oneOf": [ { "required": ["a"] }, { "required": ["b"] } ] }
              }
            },
            "status": { "type": "object", "properties": { "replicas": { "type": "integer" }, "labelSelector": { "type": "string" } } }
          }
        }
        """;

    [Theory]
    [InlineData("""{"replicas":11}""", "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10")]
    [InlineData("""{"replicas":0}""", "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1")]
    [InlineData("""{"replicas":"2"}""", "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"")]
    [InlineData("""{"cronSpec":"hello"}""", "spec.cronSpec: Invalid value: \"hello\": spec.cronSpec in body should match '^[*0-9 /]+$'")]
    [InlineData("""{"cronSpec":"*"}""", "spec.cronSpec: Invalid value: \"*\": spec.cronSpec in body should be at least 3 chars long")]
    [InlineData("""{"cronSpec":"* * * * * * * * * * * *"}""", "spec.cronSpec: Too long: may not be more than 20 bytes")]
    [InlineData("""{"cronSpec":null}""", "spec.cronSpec: Required value")]
    [InlineData("""{"color":"green"}""", "spec.color: Unsupported value: \"green\": supported values: \"red\", \"blue\"")]
    [InlineData("""{"mail":"x"}""", "spec.mail: Invalid value: \"x\": spec.mail in body must be of type email: \"x\"")]
    [InlineData("""{"ratio":0.3}""", "spec.ratio: Invalid value: 0.3: spec.ratio in body should be a multiple of 0.5")]
    [InlineData("""{"port":true}""", "spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\"")]
    [InlineData("""{"tags":["a","b","a"]}""", "spec.tags[2]: Duplicate value: \"a\"")]
    [InlineData("""{"tags":["a","b","c","d"]}""", "spec.tags: Too many: 4: must have at most 3 items")]
    [InlineData("""{"tags":[1]}""", "spec.tags[0]: Invalid value: \"integer\": spec.tags[0] in body must be of type string: \"integer\"")]
    [InlineData("""{"ports":[{"name":"a"},{"name":"a"}]}""", "spec.ports[1]: Duplicate value: {\"name\":\"a\"}")]
    [InlineData("""{"labels":{"a":1}}""", "spec.labels.a: Invalid value: \"integer\": spec.labels.a in body must be of type string: \"integer\"")]
    [InlineData("""{"labels":{"a":"","b":"","c":""}}""", "spec.labels: Too many: 3: must have at most 2 items")]
    [InlineData("""{"template":{"kind":"Pod"}}""", "spec.template.apiVersion: Required value: must not be empty")]
    [InlineData("""{"one":{}}""", "<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema (oneOf). Found none valid")]
    [InlineData("""{"one":{"a":"1","b":"2"}}""", "<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    public async Task Create_AgainstTheSchema_IsInvalidInUpstreamsWords(string spec, string fault)
    {
        var answer = await server.CreateAsync("bad", spec);

        Assert.Contains(fault, answer.Expect(422).Message, StringComparison.Ordinal);
        Assert.StartsWith($"CronTab.{Group} \"bad\" is invalid: ", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_SchemaFills_DefaultsNullsAndEmptyValues()
    {
        var answer = (await server.CreateAsync("filled", """{"image":null,"maybe":null,"color":"red","tags":[],"free":{"x":{"y":1}},"port":"80%"}""")).Expect(201);

        var spec = answer.Json.ObjectAt("spec")!;
        Assert.Equal("nginx", spec.StringAt("image"));
        Assert.True(spec.ContainsKey("maybe"));
        Assert.Null(spec["maybe"]);
        Assert.Equal("[]", spec["tags"]!.ToJsonString());
        Assert.Equal("""{"x":{"y":1}}""", spec["free"]!.ToJsonString());
        Assert.Equal((await server.Client.GetAsync($"{server.Path}/filled")).Text, answer.Text);
    }

    [Theory]
    [InlineData("Strict", 400)]
    [InlineData("Warn", 201)]
    [InlineData("Ignore", 201)]
    public async Task Create_UnknownFields_AreDroppedAndToldAsAsked(string validation, int status)
    {
        var body = Object($"unknown-{validation.ToLowerInvariant()}", """{"foo":1,"ports":[{"name":"a","bar":2}],"template":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","odd":1},"spec":{}}}""");

        var answer = (await server.Client.SendAsync(HttpMethod.Post, $"{server.Path}?fieldValidation={validation}", body)).Expect(status);

        string[] unknown = ["spec.foo", "spec.ports[0].bar", "spec.template.metadata.odd"];
        var warnings = answer.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        if (validation == "Strict")
        {
            Assert.Equal(
                $"CronTab in version \"v1\" cannot be handled as a CronTab: strict decoding error: {string.Join(", ", unknown.Select(path => $"unknown field \"{path}\""))}",
                answer.Message);
            return;
        }

        Assert.Equal(validation == "Warn" ? unknown.Select(path => $"299 - \"unknown field \\\"{path}\\\"\"") : [], warnings);
        Assert.DoesNotContain("foo", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("bar", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("odd", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_OldFaultUntouched_IsNotJudgedAgain()
    {
        await server.CreateAsync("ratchet", """{"color":"red"}""");
        await server.ChangeSchemaAsync(schema => schema["properties"]!["spec"]!["properties"]!["color"]!["enum"] = new JsonArray("blue"));

        var untouched = await server.PatchAsync("ratchet", """{"spec":{"replicas":2}}""");
        var touched = await server.PatchAsync("ratchet", """{"spec":{"color":"green"}}""");
        await server.ChangeSchemaAsync(schema => schema["properties"]!["spec"]!["properties"]!["color"]!["enum"] = new JsonArray("red", "blue"));

        untouched.Expect(200);
        Assert.Contains("spec.color: Unsupported value: \"green\"", touched.Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generation_WithStatusSubresource_CountsChangesOfAllElse()
    {
        await server.CreateAsync("generation", "{}");

        var labelled = await server.PatchAsync("generation", """{"metadata":{"labels":{"a":"b"}}}""");
        var status = await server.PatchAsync("generation", """{"status":{"replicas":3},"spec":{"replicas":9},"metadata":{"labels":{"x":"y"}}}""", "/status");
        var changed = await server.PatchAsync("generation", """{"spec":{"replicas":2},"status":{"replicas":7}}""");

        Assert.Equal(1, labelled.Expect(200).Json.IntegerAt("metadata", "generation"));
        Assert.Equal(3, status.Expect(200).Json.IntegerAt("status", "replicas"));
        Assert.Null(status.Json.At("spec", "replicas"));
        Assert.Equal("""{"a":"b"}""", status.Json.At("metadata", "labels")!.ToJsonString());
        Assert.Equal(1, status.Json.IntegerAt("metadata", "generation"));
        Assert.Equal(2, changed.Expect(200).Json.IntegerAt("metadata", "generation"));
        Assert.Equal(3, changed.Json.IntegerAt("status", "replicas"));
    }

    [Fact]
    public async Task Scale_GetPatchAndPut_ReadAndWriteTheNamedFields()
    {
        await server.CreateAsync("scaled", """{"replicas":2}""");
        await server.PatchAsync("scaled", """{"status":{"replicas":1,"labelSelector":"a=b"}}""", "/status");

        var read = (await server.Client.GetAsync($"{server.Path}/scaled/scale")).Expect(200).Json;
        var patched = await server.PatchAsync("scaled", """{"spec":{"replicas":5}}""", "/scale");
        var tooMany = await server.PatchAsync("scaled", """{"spec":{"replicas":50}}""", "/scale");

        Assert.Equal("Scale autoscaling/v1 2 1 a=b", $"{read.StringAt("kind")} {read.StringAt("apiVersion")} {read.IntegerAt("spec", "replicas")} {read.IntegerAt("status", "replicas")} {read.StringAt("status", "selector")}");
        Assert.Equal(5, patched.Expect(200).Json.IntegerAt("spec", "replicas"));
        tooMany.Expect(422);
        var after = (await server.Client.GetAsync($"{server.Path}/scaled")).Json;
        Assert.Equal((5L, 2L), (after.IntegerAt("spec", "replicas"), after.IntegerAt("metadata", "generation")));
    }

    [Fact]
    public async Task Scale_WithoutReplicas_CanBeWrittenButNotRead()
    {
        await server.CreateAsync("unscaled", "{}");

        var read = await server.Client.GetAsync($"{server.Path}/unscaled/scale");
        var strategic = await server.Client.SendAsync(HttpMethod.Patch, $"{server.Path}/unscaled/scale", "{}", "application/strategic-merge-patch+json");
        var unchanged = await server.PatchAsync("unscaled", """{"metadata":{"resourceVersion":"1"},"spec":{"replicas":3}}""", "/scale");
        var patched = await server.PatchAsync("unscaled", """{"spec":{"replicas":3}}""", "/scale");

        Assert.Equal("Internal error occurred: the spec replicas field \".spec.replicas\" does not exist", read.Expect(500).Message);
        Assert.Equal(
            "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
            strategic.Expect(415).Message);
        unchanged.Expect(409);
        Assert.Equal(3, patched.Expect(200).Json.IntegerAt("spec", "replicas"));
    }

    [Fact]
    public async Task List_SelectableField_ChoosesAndIsWatched()
    {
        await server.CreateAsync("selected", """{"color":"blue","image":"chosen"}""");
        await server.CreateAsync("other", """{"color":"red","image":"chosen2"}""");

        var list = await server.Client.GetAsync($"{server.Path}?fieldSelector=spec.image%3Dchosen");
        using var watch = await server.Client.WatchAsync($"{server.Path}?watch=true&fieldSelector=spec.image%3Dchosen");
        Assert.Equal("ADDED selected", await watch.NextNameAsync());
        await server.PatchAsync("selected", """{"spec":{"image":"not"}}""");

        Assert.Equal(["selected"], list.Expect(200).Names);
        Assert.Equal("DELETED selected", await watch.NextNameAsync());
        Assert.Equal("field label not supported: spec.color", (await server.Client.GetAsync($"{server.Path}?fieldSelector=spec.color%3Dred")).Expect(400).Message);
    }

    [Fact]
    public async Task Table_Columns_AreThoseOfTheDefinition()
    {
        await server.CreateAsync("tabled", """{"replicas":3,"tags":["x","y"]}""");

        var table = (await server.Client.GetAsync($"{server.Path}/tabled", "application/json;as=Table;v=v1;g=meta.k8s.io")).Expect(200).Json;

        Assert.Equal(["Name string 0", "Spec string 0", "Replicas integer 0", "First string 1", "Missing number 0", "Born date 0"],
            table.ObjectsAt("columnDefinitions").Select(column => $"{column.StringAt("name")} {column.StringAt("type")} {column.IntegerAt("priority")}"));
        Assert.StartsWith("""["tabled","* * * * *",3,"x",null,""", table.ObjectsAt("rows").Single()["cells"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Items_CarryTheirKind()
    {
        await server.CreateAsync("listed", "{}");

        var list = (await server.Client.GetAsync($"{server.Path}?fieldSelector=metadata.name%3Dlisted")).Expect(200).Json;

        Assert.Equal("CronTabList", list.StringAt("kind"));
        Assert.Equal(("CronTab", $"{Group}/v1"), (list.ObjectsAt("items").Single().StringAt("kind"), list.ObjectsAt("items").Single().StringAt("apiVersion")));
    }

    [Theory]
    [InlineData("POST", "", "application/vnd.kubernetes.protobuf", 415)]
    [InlineData("PATCH", "/typed", "application/strategic-merge-patch+json", 415)]
    [InlineData("PATCH", "/typed", "application/merge-patch+json", 200)]
    public async Task Bodies_NotMeantForCustomResources_AreRefused(string method, string path, string contentType, int status)
    {
        await server.CreateAsync("typed", "{}");

        (await server.Client.SendAsync(new HttpMethod(method), server.Path + path, "{}", contentType)).Expect(status);
    }

    [Fact]
    public async Task Update_WithoutVersion_IsRefused()
    {
        await server.CreateAsync("unversioned", "{}");

        var answer = await server.Client.SendAsync(HttpMethod.Put, $"{server.Path}/unversioned", Object("unversioned", "{}"));

        Assert.Contains("must be specified for an update", answer.Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClusterScopedAndNamespacedPaths_DoNotServeEachOther()
    {
        var definition = Definitions.CronTab("scope.example.com", """{"type":"object"}""");
        definition["spec"]!["scope"] = "Cluster";
        await server.Client.DefineAsync(definition);
        (await server.Client.SendAsync(HttpMethod.Post, "/apis/scope.example.com/v1/crontabs", """{"metadata":{"name":"a"}}""")).Expect(201);
        await server.CreateAsync("scoped", "{}");

        // CVE-2019-11247: rights in one namespace must not reach cluster-scoped objects, nor the reverse.
        (await server.Client.GetAsync("/apis/scope.example.com/v1/crontabs/a")).Expect(200);
        (await server.Client.GetAsync($"/apis/scope.example.com/v1/namespaces/{server.Client.Namespace}/crontabs/a")).Expect(404);
        (await server.Client.GetAsync($"/apis/scope.example.com/v1/namespaces/{server.Client.Namespace}/crontabs")).Expect(404);
        (await server.Client.GetAsync($"/apis/{Group}/v1/crontabs/scoped")).Expect(404);
        (await server.Client.SendAsync(HttpMethod.Post, $"/apis/{Group}/v1/crontabs", Object("x", "{}"))).Expect(404);
        (await server.Client.SendAsync(HttpMethod.Delete, $"/apis/scope.example.com/v1/namespaces/default/crontabs/a")).Expect(404);
    }

    [Fact]
    public async Task Lists_OfNamesThatBeginAlike_DoNotReadEachOther()
    {
        foreach (var plural in (string[])["foos", "foosbar"])
        {
            var definition = Definitions.CronTab("prefix.example.com", """{"type":"object"}""");
            definition["metadata"]!["name"] = $"{plural}.prefix.example.com";
            definition["spec"]!["names"] = Definitions.Parse($$"""{"plural":"{{plural}}","kind":"K{{plural}}"}""");
            await server.Client.DefineAsync(definition);
            foreach (var name in (string[])["a", "b"])
            {
                (await server.Client.SendAsync(
                    HttpMethod.Post, $"/apis/prefix.example.com/v1/namespaces/{server.Client.Namespace}/{plural}", $$$"""{"metadata":{"name":"{{{plural}}}-{{{name}}}"}}""")).Expect(201);
            }
        }

        // CVE-2022-3162, with forged tokens too: whatever they name, only the list's own keys are read.
        var all = await server.Client.GetAsync("/apis/prefix.example.com/v1/foos");
        var page = await server.Client.GetAsync("/apis/prefix.example.com/v1/foos?limit=1");
        var revision = page.ResourceVersion;
        Assert.Equal(["foos-a", "foos-b"], all.Names);
        foreach (var start in (string[])["../foosbar/", "/../foosbar/a", "bar/", "\\u0000"])
        {
            var token = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"v":"meta.k8s.io/v1","rv":{{revision}},"start":"{{start}}"}"""))
                .TrimEnd('=').Replace('+', '-').Replace('/', '_');
            var answer = await server.Client.GetAsync($"/apis/prefix.example.com/v1/foos?limit=10&continue={token}");
            Assert.True(answer.Status == 400 || answer.Names.All(name => name.StartsWith("foos-", StringComparison.Ordinal)), answer.Text);
        }
    }

    private static string Object(string name, string spec)
    {
        var values = Definitions.Parse(spec);
        if (!values.ContainsKey("cronSpec"))
        {
            values["cronSpec"] = "* * * * *";
        }

        return new JsonObject { ["apiVersion"] = $"{Group}/v1", ["kind"] = "CronTab", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = values }.ToJsonString();
    }

    /// <summary>A server with the definition.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly ServerFixture _server = new();
        private ApiClient? _client;

        public ApiClient Client => _client ?? throw new InvalidOperationException("The fixture has not started.");

        public string Path => $"/apis/{Group}/v1/namespaces/{Client.Namespace}/crontabs";

        public async ValueTask InitializeAsync()
        {
            await _server.InitializeAsync();
            _client = await _server.CreateNamespaceAsync();
            await _client.DefineAsync(Definitions.CronTab(Group, Schema, """
                , "subresources": { "status": {}, "scale": { "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.labelSelector" } },
                "selectableFields": [ { "jsonPath": ".spec.image" } ],
                "additionalPrinterColumns": [
                  { "name": "Spec", "type": "string", "jsonPath": ".spec.cronSpec" },
                  { "name": "Replicas", "type": "integer", "jsonPath": ".spec.replicas" },
                  { "name": "First", "type": "string", "jsonPath": ".spec.tags[0]", "priority": 1 },
                  { "name": "Missing", "type": "number", "jsonPath": ".spec.ratio" },
                  { "name": "Born", "type": "date", "jsonPath": ".metadata.creationTimestamp" } ]
                """));
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        public Task<ApiAnswer> CreateAsync(string name, string spec) => Client.SendAsync(HttpMethod.Post, Path, Object(name, spec));

        public Task<ApiAnswer> PatchAsync(string name, string patch, string subresource = "") =>
            Client.SendAsync(HttpMethod.Patch, $"{Path}/{name}{subresource}", patch, "application/merge-patch+json");

        public async Task ChangeSchemaAsync(Action<JsonNode> change)
        {
            var definition = (await Client.GetAsync($"{Definitions.Path}/crontabs.{Group}")).Json;
            change(definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!);
            (await Client.SendAsync(HttpMethod.Put, $"{Definitions.Path}/crontabs.{Group}", definition.ToJsonString())).Expect(200);
        }
    }
}
