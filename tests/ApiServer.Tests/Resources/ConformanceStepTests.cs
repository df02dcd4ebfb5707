using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Single steps of upstream's conformance tests (test/e2e) that ask for something of their own.</summary>
[Collection(ServerCollection.Name)]
public sealed class ConformanceStepTests(ServerFixture fixture)
{
    private const string Apply = "application/apply-patch+yaml";
    private const string Merge = "application/merge-patch+json";

    private const string Spec = """
        "foo":{"type":"string"},
        "cronSpec":{"type":"string","pattern":"^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$"},
        "ports":{"type":"array","x-kubernetes-list-map-keys":["containerPort","protocol"],"x-kubernetes-list-type":"map","items":{"type":"object","required":["containerPort","protocol"],
          "properties":{"containerPort":{"format":"int32","type":"integer"},"hostIP":{"type":"string"},"hostPort":{"format":"int32","type":"integer"},"name":{"type":"string"},"protocol":{"type":"string"}}}}
        """;

    private const string Tail = """

          foo: foo1
          cronSpec: "* * * * */5"
          ports:
          - name: x
            containerPort: 80
            protocol: TCP
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>FieldValidation: CRs are applied with YAML and fieldValidation=Strict.</summary>
    [Theory]
    [InlineData("valid", "", "\nspec:" + Tail, 201, "")]
    [InlineData("valid", "", "\nunknownField: unknown\nspec:" + Tail, 500, ".unknownField: field not declared in schema")]
    [InlineData("preserving", "\n  unknownMeta: unknown", "\nspec:\n  template:\n    apiversion: foo/v1\n    kind: Sub\n    metadata:\n        unknownSubMeta: unknown\n        name: subobject\n        namespace: a" + Tail, 500, "metadata.unknown")]
    [InlineData("preserving", "", "\nspec:\n  unknown: uk1\n  foo: foo2" + Tail, 400, "line 9: key \"foo\" already set in map")]
    [InlineData("schemaless", "", "\nspec:\n  unknown: uk1" + Tail, 201, "")]
    public async Task Apply_CustomResource_IsValidatedStrictly(string schema, string metadata, string rest, int status, string message)
    {
        var client = await fixture.CreateNamespaceAsync();
        var plural = await DefineAsync(client, schema switch
        {
            "valid" => "{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"properties\":{" + Spec + "}}}}",
            "preserving" => "{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true,\"properties\":{"
                + "\"template\":{\"type\":\"object\",\"x-kubernetes-embedded-resource\":true,\"properties\":{\"metadata\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}},\"spec\":{\"type\":\"object\"}}},"
                + Spec + "}}}}",
            _ => """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""",
        });

        var answer = await client.SendAsync(
            HttpMethod.Patch,
            $"/apis/mygroup.example.com/v1/{plural}/mytest?fieldManager=field_validation_mgr&fieldValidation=Strict",
            $"\napiVersion: mygroup.example.com/v1\nkind: Kind{plural}\nmetadata:\n  name: mytest{metadata}{rest}",
            Apply);

        Assert.Contains(message, answer.Expect(status).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"unknownField\":\"foo\",\"replicas\":2,\"replicas\":3,", "", "strict decoding error: unknown field \"spec.unknownField\", duplicate field \"spec.replicas\"")]
    [InlineData("", ",\"unknownMeta\":\"foo\"", "strict decoding error: unknown field \"metadata.unknownMeta\"")]
    public async Task Create_TypedObject_IsValidatedStrictly(string spec, string metadata, string message)
    {
        var client = await fixture.CreateNamespaceAsync();
        var body = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"my-dep","labels":{"app":"nginx"}METADATA},
             "spec":{SPEC "selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"nginx:latest"}]}}}}
            """.Replace("METADATA", metadata, StringComparison.Ordinal).Replace("SPEC", spec, StringComparison.Ordinal);

        var answer = await client.SendAsync(
            HttpMethod.Post, $"/apis/apps/v1/namespaces/{client.Namespace}/deployments?fieldManager=field_validation_mgr&fieldValidation=Strict", body);

        Assert.Contains(message, answer.Expect(400).Message, StringComparison.Ordinal);
    }

    /// <summary>Servers with support for Table transformation should return a 406 for a backend which does not implement metadata.</summary>
    [Fact]
    public async Task Review_AskedForATable_Is406()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(
            HttpMethod.Post,
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            """{"spec":{"resourceAttributes":{"namespace":"a","verb":"get","resource":"pods"}}}""",
            accept: "application/json;as=Table;v=v1;g=meta.k8s.io");

        answer.Expect(406);
    }

    /// <summary>Namespaces should apply changes to a namespace status; should apply a finalizer to a Namespace.</summary>
    [Fact]
    public async Task Namespace_StatusAndFinalizers_Change()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/api/v1/namespaces/{client.Namespace}";

        var patched = (await client.SendAsync(
            HttpMethod.Patch,
            path + "/status",
            """{"metadata":{"annotations":{"e2e-patched-ns-status":"a"}},"status":{"conditions":[{"message":"Patched by an e2e test","reason":"E2E","status":"True","type":"StatusPatch"}]}}""",
            Merge)).Expect(200).Json;
        var toUpdate = (await client.GetAsync(path)).Json;
        toUpdate["status"]!["conditions"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse("""{"type":"StatusUpdate","status":"True","reason":"E2E","message":"Updated by an e2e test"}"""));
        var updated = (await client.SendAsync(HttpMethod.Put, path + "/status", toUpdate.ToJsonString())).Expect(200).Json;
        var toFinalize = (await client.GetAsync(path)).Json;
        toFinalize["spec"]!["finalizers"] = new System.Text.Json.Nodes.JsonArray("kubernetes", "e2e.example.com/fakeFinalizer");
        var finalized = (await client.SendAsync(HttpMethod.Put, path + "/finalize", toFinalize.ToJsonString())).Expect(200).Json;

        Assert.Equal("StatusPatch", patched.ObjectsAt("status", "conditions").Single().StringAt("type"));
        Assert.Equal(["StatusPatch", "StatusUpdate"], updated.ObjectsAt("status", "conditions").Select(condition => condition.StringAt("type")));
        Assert.Equal("""["kubernetes","e2e.example.com/fakeFinalizer"]""", finalized["spec"]!["finalizers"]!.ToJsonString());
    }

    /// <summary>ServiceCIDR and IPAddress API.</summary>
    [Fact]
    public async Task IPAddress_ApiOperations_AreSupported()
    {
        var client = await fixture.CreateNamespaceAsync();
        const string Path = "/apis/networking.k8s.io/v1/ipaddresses";
        const string Parent = "\"spec\":{\"parentRef\":{\"group\":\"mygroup\",\"resource\":\"myresources\",\"namespace\":\"foo\",\"name\":\"bar\"}}";

        (await client.SendAsync(HttpMethod.Post, Path, "{\"metadata\":{\"name\":\"255.255.255.255\",\"labels\":{\"type\":\"broadcast\"}}," + Parent + "}")).Expect(201);
        (await client.SendAsync(HttpMethod.Post, Path, "{\"metadata\":{\"name\":\"fe80::42:1dff:fe84:f9e2\",\"labels\":{\"type\":\"link-local\"}}," + Parent + "}")).Expect(201);
        var patched = (await client.SendAsync(HttpMethod.Patch, Path + "/255.255.255.255", """{"metadata":{"annotations":{"patched":"true"}}}""", Merge)).Expect(200).Json;
        patched["metadata"]!["annotations"]!["updated"] = "true";
        (await client.SendAsync(HttpMethod.Put, Path + "/255.255.255.255", patched.ToJsonString())).Expect(200);
        Assert.Single((await client.GetAsync(Path + "?labelSelector=type=broadcast")).Names);
        (await client.SendAsync(HttpMethod.Delete, Path + "/255.255.255.255")).Expect(200);
        (await client.SendAsync(HttpMethod.Delete, Path + "?labelSelector=type=link-local")).Expect(200);

        Assert.Empty((await client.GetAsync(Path + "?labelSelector=type=link-local")).Names);
        Assert.Equal("kubernetes", (await client.GetAsync("/apis/networking.k8s.io/v1/servicecidrs/kubernetes/status")).Expect(200).Json.StringAt("metadata", "name"));
    }

    private static async Task<string> DefineAsync(ApiClient client, string schema)
    {
        var plural = "n" + client.Namespace.Replace("-", "", StringComparison.Ordinal) + "s";
        var definition = $$$"""
            {"metadata":{"name":"{{{plural}}}.mygroup.example.com"},"spec":{"group":"mygroup.example.com","scope":"Cluster",
             "names":{"plural":"{{{plural}}}","singular":"one{{{plural}}}","kind":"Kind{{{plural}}}"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{{schema}}} } }]}}
            """;
        (await client.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)).Expect(201);
        await Eventually.GetAsync(
            _ => client.GetAsync($"/apis/mygroup.example.com/v1/{plural}"), answer => answer.Status == 200, TimeSpan.FromSeconds(60), Cancelled);
        return plural;
    }
}
