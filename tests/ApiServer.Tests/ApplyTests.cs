using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>Server-side apply and managedFields over HTTP: what clients send and see. What apply does to objects is tested with the field manager.</summary>
[Collection(ServerCollection.Name)]
public sealed class ApplyTests(ServerFixture fixture)
{
    private const string Web =
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
        "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"nginx","ports":[{"containerPort":80}]}]}}}}
        """;

    [Fact]
    public async Task Apply_NewAndAgain_CreatesThenUpdatesThenChangesNothing()
    {
        var client = await fixture.CreateNamespaceAsync();

        var created = (await ApplyAsync(client, "kubectl", Web)).Expect(201);
        var same = (await ApplyAsync(client, "kubectl", Web)).Expect(200);
        var changed = (await ApplyAsync(client, "kubectl", Web.Replace("nginx", "httpd", StringComparison.Ordinal))).Expect(200);

        Assert.Equal(created.Text, same.Text);
        Assert.Equal(2, changed.Json.IntegerAt("metadata", "generation"));
        Assert.Equal("""["kubectl Apply"]""", Owners(changed));
        Assert.Equal("httpd", changed.Json.ObjectsAt("spec", "template", "spec", "containers").Single().StringAt("image"));
    }

    [Fact]
    public async Task Apply_Yaml_IsTakenAsJsonIs()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await SendAsync(client, "configmaps/a", "fieldManager=x", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: v\n");

        Assert.Equal("v", answer.Expect(201).Json.StringAt("data", "k"));
    }

    [Theory]
    [InlineData("", """{"apiVersion":"v1","kind":"ConfigMap"}""", 422, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")]
    [InlineData("fieldManager=x", "a: [", 400, "error decoding YAML: ")]
    [InlineData("fieldManager=x", "a: 1\na: 2", 400, "invalid object type: /, Kind=")]
    [InlineData("fieldManager=x", """{"kind":"ConfigMap"}""", 400, "invalid object type: /, Kind=ConfigMap")]
    [InlineData("fieldManager=x", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""", 400, "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("fieldManager=x", """{"apiVersion":"v1","kind":"ConfigMap"}""", 400, "the name of the object (a based on URL) was undeterminable: name must be provided")]
    [InlineData("fieldManager=x", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"other"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("fieldManager=x", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[]}}""", 400, "metadata.managedFields must be nil")]
    [InlineData("fieldManager=x&dryRun=Some", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""", 422, "PatchOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"Some\"]: supported values: \"All\"")]
    [InlineData("fieldManager=x%07", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""", 422, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"x\\a\": invalid character U+0007 (at position 1)")]
    public async Task Apply_BadRequest_AnswersAsUpstream(string query, string body, int status, string message)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await SendAsync(client, "configmaps/a", query, body);

        Assert.StartsWith(message, answer.Expect(status).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_LongManagerName_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await SendAsync(client, "configmaps/a", $"fieldManager={new string('x', 129)}", "{}");

        Assert.Equal("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128 bytes", answer.Expect(422).Message);
    }

    [Fact]
    public async Task Apply_DuplicateKeys_AreRefusedOrToldOf()
    {
        var client = await fixture.CreateNamespaceAsync();
        const string Body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: v\n  k: w\n";

        var strict = await SendAsync(client, "configmaps/a", "fieldManager=x&fieldValidation=Strict", Body);
        var warned = await SendAsync(client, "configmaps/a", "fieldManager=x", Body);
        var ignored = await SendAsync(client, "configmaps/a", "fieldManager=x&fieldValidation=Ignore", Body);

        Assert.Equal(
            "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key \"k\" already set in map", strict.Expect(400).Message);
        Assert.True(warned.Expect(201).Headers.Contains("Warning"));
        Assert.False(ignored.Expect(200).Headers.Contains("Warning"));
    }

    [Fact]
    public async Task Apply_UnknownForm_IsUnsupported()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(HttpMethod.Patch, client.Core("configmaps/a?fieldManager=x"), "{}", "application/apply-patch+cbor");

        Assert.Equal(
            "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
            answer.Expect(415).Message);
    }

    [Fact]
    public async Task Patch_ForcedMergePatch_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.SendAsync(HttpMethod.Patch, client.Core("configmaps/a?force=true"), "{}", "application/merge-patch+json");

        Assert.Equal("PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch", answer.Expect(422).Message);
    }

    [Theory]
    [InlineData("\"uid\":\"u\",\"resourceVersion\":\"1\"", 409, "Operation cannot be fulfilled on configmaps \"a\": uid mismatch: the provided object specified uid u, and no existing object was found")]
    [InlineData("\"resourceVersion\":\"1\"", 201, "")]
    public async Task Apply_OfWhatIsGone_TellsWhoNamesItsUid(string metadata, int status, string message)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await SendAsync(client, "configmaps/a", "fieldManager=x", $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a",{{{metadata}}}}}""");

        Assert.Equal(message, answer.Expect(status).Message);
    }

    [Fact]
    public async Task Apply_OtherUid_IsInvalid()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await SendAsync(client, "configmaps/a", "fieldManager=x", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"u"}}""");

        Assert.Equal("ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"u\": field is immutable", answer.Expect(422).Message);
    }

    [Fact]
    public async Task Apply_DryRun_StoresNothing()
    {
        var client = await fixture.CreateNamespaceAsync();

        (await SendAsync(client, "configmaps/a", "fieldManager=x&dryRun=All", ConfigMap("1"))).Expect(201);

        (await client.GetAsync(client.Core("configmaps/a"))).Expect(404);
    }

    [Fact]
    public async Task Apply_ToAnUpdatersField_ConflictsAndForceTakesIt()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.SendAsync(HttpMethod.Post, client.Core("configmaps?fieldManager=kubectl-create"), ConfigMap("1"))).Expect(201);

        var conflict = await SendAsync(client, "configmaps/a", "fieldManager=helm&force=false", ConfigMap("2"));
        var forced = await SendAsync(client, "configmaps/a", "fieldManager=helm&force=true", ConfigMap("2"));

        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Apply failed with 1 conflict: conflict with \"kubectl-create\" using v1: .data.k","reason":"Conflict","details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"kubectl-create\" using v1","field":".data.k"}]},"code":409}""" + "\n",
            conflict.Expect(409).Text);
        Assert.Equal("2", forced.Expect(200).Json.StringAt("data", "k"));
        Assert.Equal("""["helm Apply","kubectl-create Update"]""", Owners(forced));
    }

    [Fact]
    public async Task Apply_Status_HasAnEntryOfItsOwnAndLeavesTheSpecAlone()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await ApplyAsync(client, "kubectl", Web)).Expect(201);

        var answer = await SendAsync(
            client,
            Deployments(client) + "/web/status",
            "fieldManager=controller",
            """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":9},"status":{"observedGeneration":1,"replicas":2}}""");

        // Replicas are another manager's: nobody conflicts about what a status cannot change.
        Assert.Equal(2, answer.Expect(200).Json.IntegerAt("spec", "replicas"));
        Assert.Equal(2, answer.Json.IntegerAt("status", "replicas"));
        Assert.Equal("""["controller Apply status","kubectl Apply"]""", Owners(answer));
        Assert.Equal("""{"f:status":{"f:observedGeneration":{},"f:replicas":{}}}""", Fields(answer, "controller"));
    }

    [Fact]
    public async Task Apply_StatusOfNothing_CreatesNothing()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await SendAsync(client, Deployments(client) + "/web/status", "fieldManager=x", Web);

        answer.Expect(404);
    }

    [Fact]
    public async Task Scale_Patched_MovesTheReplicasToTheScaler()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await ApplyAsync(client, "kubectl", Web)).Expect(201);

        var scaled = await client.SendAsync(
            HttpMethod.Patch, Deployments(client) + "/web/scale?fieldManager=hpa", """{"spec":{"replicas":5}}""", "application/merge-patch+json");
        var answer = await client.GetAsync(Deployments(client) + "/web");

        Assert.Null(scaled.Expect(200).Json.At("metadata", "managedFields"));
        Assert.Equal("""["hpa Update scale","kubectl Apply"]""", Owners(answer));
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", Fields(answer, "hpa"));
        Assert.DoesNotContain("f:replicas", Fields(answer, "kubectl"), StringComparison.Ordinal);
        Assert.Equal("apps/v1", Entry(answer, "hpa").StringAt("apiVersion"));
        Assert.Contains(
            "conflict with \"hpa\" with subresource \"scale\" using apps/v1: .spec.replicas", (await ApplyAsync(client, "kubectl", Web)).Expect(409).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scale_Applied_ConflictsWithTheOwnerOfTheReplicas()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await ApplyAsync(client, "kubectl", Web)).Expect(201);
        const string Scale = """{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"web"},"spec":{"replicas":5}}""";

        var conflict = await SendAsync(client, Deployments(client) + "/web/scale", "fieldManager=scaler", Scale);
        var forced = await SendAsync(client, Deployments(client) + "/web/scale", "fieldManager=scaler&force=true", Scale);

        Assert.Equal("Apply failed with 1 conflict: conflict with \"kubectl\": .spec.replicas", conflict.Expect(409).Message);
        Assert.Equal(5, forced.Expect(200).Json.IntegerAt("spec", "replicas"));
        Assert.Equal("""["kubectl Apply","scaler Apply scale"]""", Owners(await client.GetAsync(Deployments(client) + "/web")));
    }

    [Theory]
    [InlineData("kubectl/v1.35.0 (linux/amd64) kubernetes/abc", "kubectl")]
    [InlineData("Go-http-client/2.0", "Go-http-client")]
    [InlineData("curl", "curl")]
    [InlineData("", "unknown")]
    public async Task Write_WithoutManager_IsTheUserAgents(string userAgent, string manager)
    {
        var client = await fixture.CreateNamespaceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, client.Core("configmaps"));
        request.Content = new StringContent("""{"metadata":{"name":"a"},"data":{"k":"v"}}""", null, "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);

        (await client.Http.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        Assert.Equal($"""["{manager} Update"]""", Owners(await client.GetAsync(client.Core("configmaps/a"))));
    }

    [Fact]
    public async Task Update_WithoutManagedFields_KeepsThem()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await SendAsync(client, "configmaps/a", "fieldManager=one", ConfigMap("1"))).Expect(201);

        var answer = await client.SendAsync(HttpMethod.Put, client.Core("configmaps/a?fieldManager=two"), """{"metadata":{"name":"a"},"data":{"k":"1","l":"2"}}""");

        Assert.Equal("""["one Apply","two Update"]""", Owners(answer.Expect(200)));
        Assert.Equal("""{"f:data":{"f:l":{}}}""", Fields(answer, "two"));
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("[]")]
    public async Task Update_EmptyManagedFields_TakesThemAway(string managedFields)
    {
        var client = await fixture.CreateNamespaceAsync();
        (await SendAsync(client, "configmaps/a", "fieldManager=one", ConfigMap("1"))).Expect(201);

        var patched = await client.SendAsync(
            HttpMethod.Patch, client.Core("configmaps/a"), $$$"""{"metadata":{"managedFields":{{{managedFields}}} } }""", "application/merge-patch+json");

        Assert.Null(patched.Expect(200).Json.At("metadata", "managedFields"));
    }

    [Fact]
    public async Task JsonPatch_ReplacedManagedFields_AreTakenAtThatVersionOnly()
    {
        // What kubectl sends to take over what its client-side apply owned.
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.SendAsync(HttpMethod.Post, client.Core("configmaps?fieldManager=kubectl-client-side-apply"), ConfigMap("1"));
        string Patch(string version) =>
            $$$$$"""[{"op":"replace","path":"/metadata/managedFields","value":[{"manager":"kubectl","operation":"Apply","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:k":{}}}}]},{"op":"replace","path":"/metadata/resourceVersion","value":"{{{{{version}}}}}"}]""";

        (await client.SendAsync(HttpMethod.Patch, client.Core("configmaps/a"), Patch("1"), "application/json-patch+json")).Expect(409);
        var moved = await client.SendAsync(HttpMethod.Patch, client.Core("configmaps/a"), Patch(created.ResourceVersion), "application/json-patch+json");

        Assert.Equal("""["kubectl Apply"]""", Owners(moved.Expect(200)));
        (await SendAsync(client, "configmaps/a", "fieldManager=kubectl", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")).Expect(200);
        Assert.Null((await client.GetAsync(client.Core("configmaps/a"))).Json["data"]);
    }

    [Fact]
    public async Task Apply_TenThousandManagedFields_AreRefusedQuickly()
    {
        // B10.
        var client = await fixture.CreateNamespaceAsync();
        var entry = """{"manager":"x","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:k":{}}}}""";
        var body = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[{{{string.Join(',', Enumerable.Repeat(entry, 10_000))}}}] } }""";
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var answer = await SendAsync(client, "configmaps/a", "fieldManager=x", body);

        Assert.Equal("metadata.managedFields must be nil", answer.Expect(400).Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Create_TenThousandManagedFields_AreJoinedQuickly()
    {
        // B10, by the way that takes them.
        var client = await fixture.CreateNamespaceAsync();
        var entries = Enumerable.Range(0, 10_000).Select(i =>
            $$$"""{"manager":"m{{{i}}}","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:k{{{i}}}":{} } } }""");
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var answer = await client.CreateAsync("configmaps", $$$"""{"metadata":{"name":"a","managedFields":[{{{string.Join(',', entries)}}}]},"data":{"k":"v"}}""");

        Assert.True(answer.Expect(201).Json["metadata"]!["managedFields"]!.AsArray().Count <= 11);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Create_Pod_OwnerHasNotWhatAdmissionAdds()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.CreateAsync("pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");

        var owned = answer.Expect(201).Json["metadata"]!["managedFields"]![0]!["fieldsV1"]!.ToJsonString();
        Assert.NotNull(answer.Json.At("spec", "tolerations"));
        Assert.DoesNotContain("tolerations", owned, StringComparison.Ordinal);
        Assert.Contains("f:terminationGracePeriodSeconds", owned, StringComparison.Ordinal);
        Assert.DoesNotContain("f:status", owned, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bind_Pod_IsNobodysChange()
    {
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.CreateAsync("pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");

        (await client.CreateAsync("pods/p/binding", """{"target":{"kind":"Node","name":"n"}}""")).Expect(201);

        var bound = await client.GetAsync(client.Core("pods/p"));
        Assert.Equal("n", bound.Json.StringAt("spec", "nodeName"));
        Assert.Equal(created.Json["metadata"]!["managedFields"]!.ToJsonString(), bound.Json["metadata"]!["managedFields"]!.ToJsonString());
    }

    [Fact]
    public async Task Apply_AutoscalerInBothVersions_KeepsOneApplier()
    {
        var client = await fixture.CreateNamespaceAsync();
        string Path(string version) => $"/apis/autoscaling/{version}/namespaces/{client.Namespace}/horizontalpodautoscalers/h";
        const string Spec = "\"scaleTargetRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"web\"},\"maxReplicas\":3";

        (await SendAsync(client, Path("v2"), "fieldManager=x", $$$"""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},"spec":{{{{Spec}}},"minReplicas":2}}""")).Expect(201);
        var answer = await SendAsync(client, Path("v1"), "fieldManager=x", $$$"""{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},"spec":{{{{Spec}}}}}""");

        // What was applied in the one version and not in the other goes, and gets its default again.
        Assert.Equal("""["x Apply"]""", Owners(answer.Expect(200)));
        Assert.Equal("autoscaling/v1", Entry(answer, "x").StringAt("apiVersion"));
        Assert.Equal(1, answer.Json.IntegerAt("spec", "minReplicas"));
    }

    private static string ConfigMap(string value) => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"{{{value}}}"}}""";

    private static string Deployments(ApiClient client) => $"/apis/apps/v1/namespaces/{client.Namespace}/deployments";

    private static Task<ApiAnswer> ApplyAsync(ApiClient client, string manager, string body) =>
        SendAsync(client, Deployments(client) + "/web", $"fieldManager={manager}", body);

    private static Task<ApiAnswer> SendAsync(ApiClient client, string path, string query, string body) => client.SendAsync(
        HttpMethod.Patch, $"{(path.StartsWith('/') ? path : client.Core(path))}?{query}", body, "application/apply-patch+yaml");

    private static JsonNode? Entry(ApiAnswer answer, string manager) =>
        answer.Json["metadata"]!["managedFields"]!.AsArray().Single(entry => entry.StringAt("manager") == manager);

    private static string Fields(ApiAnswer answer, string manager) => Entry(answer, manager)!["fieldsV1"]!.ToJsonString();

    private static string Owners(ApiAnswer answer) => new JsonArray([.. answer.Json["metadata"]!["managedFields"]!.AsArray()
        .Select(entry => $"{entry.StringAt("manager")} {entry.StringAt("operation")} {entry.StringAt("subresource")}".Trim()).Order(StringComparer.Ordinal)
        .Select(owner => (JsonNode)owner)]).ToJsonString();
}
