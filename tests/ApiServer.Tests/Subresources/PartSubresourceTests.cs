using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Subresources;

[Collection(ServerCollection.Name)]
public sealed class PartSubresourceTests(ServerFixture fixture)
{
    private const string MergePatch = "application/merge-patch+json";
    private const string StrategicPatch = "application/strategic-merge-patch+json";
    private const string Debugger = """{"spec":{"ephemeralContainers":[{"name":"debug","image":"busybox"}]}}""";

    [Fact]
    public async Task EphemeralContainers_Patch_AddsThemAndNothingElse()
    {
        var client = await fixture.CreateNamespaceAsync();
        await PodsTests.CreatePodAsync(client, "p");

        var answer = (await client.SendAsync(
            HttpMethod.Patch,
            client.Core("pods/p/ephemeralcontainers"),
            """{"metadata":{"labels":{"x":"y"}},"spec":{"nodeName":"n","ephemeralContainers":[{"name":"debug","image":"busybox"}]}}""",
            StrategicPatch)).Expect(200);

        Assert.Equal("debug", answer.Json.ObjectsAt("spec", "ephemeralContainers").Single().StringAt("name"));
        Assert.Equal("File", answer.Json.ObjectsAt("spec", "ephemeralContainers").Single().StringAt("terminationMessagePolicy"));
        Assert.Null(answer.Json.At("metadata", "labels"));
        Assert.Null(answer.Json.StringAt("spec", "nodeName"));
        Assert.Equal(2, answer.Json.IntegerAt("metadata", "generation"));
        Assert.Equal(answer.Text, (await client.GetAsync(client.Core("pods/p/ephemeralcontainers"))).Expect(200).Text);
    }

    [Fact]
    public async Task EphemeralContainers_Removed_IsForbidden()
    {
        var client = await fixture.CreateNamespaceAsync();
        var pod = (await PodsTests.CreatePodAsync(client, "p")).Json;
        (await client.SendAsync(HttpMethod.Patch, client.Core("pods/p/ephemeralcontainers"), Debugger, StrategicPatch)).Expect(200);
        ((System.Text.Json.Nodes.JsonObject)pod["metadata"]!).Remove("resourceVersion");

        var answer = await client.SendAsync(HttpMethod.Put, client.Core("pods/p/ephemeralcontainers"), pod.ToJsonString());

        Assert.Equal(
            "Pod \"p\" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers \"debug\" may not be removed\n", answer.Expect(422).Message);
    }

    [Fact]
    public async Task EphemeralContainers_ThroughThePod_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        await PodsTests.CreatePodAsync(client, "p");

        (await client.SendAsync(HttpMethod.Patch, client.Core("pods/p"), Debugger, StrategicPatch)).Expect(422);
    }

    [Fact]
    public async Task Resize_Patch_ChangesRequests()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateSizedPodAsync(client);

        var answer = (await ResizeAsync(client, """{"requests":{"cpu":"200m"}}""")).Expect(200);

        Assert.Equal("200m", answer.Json.ObjectsAt("spec", "containers").Single().StringAt("resources", "requests", "cpu"));
        Assert.Equal("64Mi", answer.Json.ObjectsAt("spec", "containers").Single().StringAt("resources", "requests", "memory"));
        Assert.Equal(2, answer.Json.IntegerAt("metadata", "generation"));
    }

    [Theory]
    [InlineData("""{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"cpu":"100m","memory":"64Mi"}}""", "Pod QOS Class may not change as a result of resizing")]
    [InlineData("""{"requests":{"cpu":null}}""", "resource requests cannot be removed")]
    [InlineData("""{"requests":{"ephemeral-storage":"1Gi"}}""", "only cpu and memory resources are mutable")]
    public async Task Resize_NotAllowed_SaysWhy(string resources, string why)
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateSizedPodAsync(client);

        Assert.Contains(why, (await ResizeAsync(client, resources)).Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_Put_KeepsWhatWasSaid()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/certificates.k8s.io/v1/certificatesigningrequests/csr-{client.Namespace}";
        var created = (await client.SendAsync(
            HttpMethod.Post,
            "/apis/certificates.k8s.io/v1/certificatesigningrequests",
            $$$"""{"metadata":{"name":"csr-{{{client.Namespace}}}"},"spec":{"signerName":"example.com/x","usages":["digital signature"],"request":"{{{SigningRequest}}}"}}""")).Expect(201).Json;
        created["status"] = System.Text.Json.Nodes.JsonNode.Parse("""{"conditions":[{"type":"Approved","status":"True","reason":"KubectlApprove"}],"certificate":"eA=="}""");

        var approved = (await client.SendAsync(HttpMethod.Put, path + "/approval", created.ToJsonString())).Expect(200);
        var denied = await client.SendAsync(HttpMethod.Patch, path + "/approval", """{"status":{"conditions":[{"type":"Denied","status":"True"}]}}""", MergePatch);

        var condition = approved.Json.ObjectsAt("status", "conditions").Single();
        Assert.Equal("Approved", condition.StringAt("type"));
        Assert.NotNull(condition.StringAt("lastUpdateTime"));
        Assert.NotNull(condition.StringAt("lastTransitionTime"));
        Assert.Null(approved.Json.StringAt("status", "certificate"));
        Assert.Contains("status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"", denied.Expect(422).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pods/ephemeralcontainers", "Pod")]
    [InlineData("pods/resize", "Pod")]
    public async Task Discovery_Parts_AreListed(string name, string kind)
    {
        var client = await fixture.CreateNamespaceAsync();

        var resource = (await client.GetAsync("/api/v1")).Json.ObjectsAt("resources").Single(resource => resource.StringAt("name") == name);

        Assert.Equal($$"""{"name":"{{name}}","singularName":"","namespaced":true,"kind":"{{kind}}","verbs":["get","patch","update"]}""", resource.ToJsonString());
    }

    [Fact]
    public async Task Scale_PutWithoutContentType_IsTaken()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{client.Namespace}/deployments";
        (await client.SendAsync(
            HttpMethod.Post,
            path,
            """{"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""")).Expect(201);
        var scale = (await client.GetAsync(path + "/d/scale")).Expect(200).Json;
        scale["spec"]!["replicas"] = 4;

        var put = (await client.SendAsync(HttpMethod.Put, path + "/d/scale", scale.ToJsonString(), "")).Expect(200);
        var negative = await client.SendAsync(HttpMethod.Patch, path + "/d/scale", """{"spec":{"replicas":-1}}""", MergePatch);
        var stale = await client.SendAsync(HttpMethod.Put, path + "/d/scale", scale.ToJsonString(), "");

        Assert.Equal("Scale", put.Json.StringAt("kind"));
        Assert.Equal(4, put.Json.IntegerAt("spec", "replicas"));
        Assert.Equal("a=b", put.Json.StringAt("status", "selector"));
        Assert.Equal("Scale.autoscaling \"d\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0", negative.Expect(422).Message);
        stale.Expect(409);
    }

    private static async Task CreateSizedPodAsync(ApiClient client) => (await client.CreateAsync(
        "pods",
        """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"100m","memory":"64Mi"}}}]}}""")).Expect(201);

    private static Task<ApiAnswer> ResizeAsync(ApiClient client, string resources) => client.SendAsync(
        HttpMethod.Patch,
        client.Core("pods/p/resize"),
        $$$"""{"spec":{"containers":[{"name":"c","resources":{{{resources}}}}]}}""",
        StrategicPatch);

    private static string SigningRequest
    {
        get
        {
            using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
            var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=a", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
            return Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(request.CreateSigningRequestPem()));
        }
    }
}
