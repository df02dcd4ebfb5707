using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.FlowControl;

/// <summary>By which FlowSchema a request is judged, as the headers of its answer say, and schemas that lead nowhere.</summary>
[Collection(ServerCollection.Name)]
public sealed class FlowControlTests(ServerFixture fixture)
{
    private const string Group = "/apis/flowcontrol.apiserver.k8s.io/v1";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("admin", "system:masters", "/api/v1/namespaces/default/pods", "exempt", "exempt")]
    [InlineData("dev", "devs", "/api/v1/namespaces/default/pods", "global-default", "global-default")]
    [InlineData("dev", "devs", "/api/v1/nodes?watch=1", "global-default", "global-default")]
    [InlineData("", "", "/healthz", "probes", "exempt")]
    [InlineData("", "", "/version", "global-default", "global-default")]
    [InlineData("system:node:n1", "system:nodes", "/api/v1/nodes/n1", "system-node-high", "node-high")]
    [InlineData("system:node:n1", "system:nodes", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1", "system-node-high", "node-high")]
    [InlineData("system:node:n1", "system:nodes", "/api/v1/pods", "system-nodes", "system")]
    [InlineData("system:kube-scheduler", "", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler", "system-leader-election", "leader-election")]
    [InlineData("system:kube-scheduler", "", "/api/v1/pods", "kube-scheduler", "workload-high")]
    [InlineData("system:serviceaccount:kube-system:deployment-controller", "system:serviceaccounts", "/apis/apps/v1/deployments", "kube-system-service-accounts", "workload-high")]
    [InlineData("system:serviceaccount:default:robot", "system:serviceaccounts", "/api/v1/namespaces/default/pods", "service-accounts", "workload-low")]
    public async Task Answer_NamesSchemaAndLevel(string user, string group, string path, string schema, string level)
    {
        var admin = await fixture.CreateNamespaceAsync();
        var client = user.Length == 0 ? new ApiClient(fixture.Server.CreateClient(""), "default") : fixture.Server.As("default", user, group.Length == 0 ? [] : [group]);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);

        using var answer = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(await UidAsync(admin, $"flowschemas/{schema}"), answer.Headers.GetValues("X-Kubernetes-Pf-Flowschema-Uid").Single());
        Assert.Equal(await UidAsync(admin, $"prioritylevelconfigurations/{level}"), answer.Headers.GetValues("X-Kubernetes-Pf-Prioritylevel-Uid").Single());
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/pods/nosuch/log")]
    [InlineData("/api/v1/namespaces/default/pods/nosuch/exec")]
    public async Task Stream_IsNotJudged(string path)
    {
        var client = await fixture.CreateNamespaceAsync();

        Assert.False((await client.GetAsync(path)).Headers.Contains("X-Kubernetes-Pf-Flowschema-Uid"));
    }

    [Fact]
    public async Task Schema_WhoseLevelIsNotThere_IsDanglingUntilItIs()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var name = $"own-{admin.Namespace}";
        var user = fixture.Server.As(admin.Namespace, name);
        (await admin.SendAsync(HttpMethod.Post, $"{Group}/flowschemas", $$"""
            {"metadata":{"name":"{{name}}"},"spec":{"matchingPrecedence":50,"priorityLevelConfiguration":{"name":"{{name}}"},"rules":[
              {"subjects":[{"kind":"User","user":{"name":"{{name}}"} }],
               "resourceRules":[{"verbs":["list"],"apiGroups":[""],"resources":["pods"],"namespaces":["{{admin.Namespace}}"]}],
               "nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["/openapi/*"]}]}]} }
            """)).Expect(201);

        var dangling = await DanglingAsync(admin, name, "True");
        var before = await user.GetAsync(user.Core("pods"));
        (await admin.SendAsync(HttpMethod.Post, $"{Group}/prioritylevelconfigurations", $$$"""
            {"metadata":{"name":"{{{name}}}"},"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":5,"limitResponse":{"type":"Reject"} } } }
            """)).Expect(201);
        var found = await DanglingAsync(admin, name, "False");
        var uid = await UidAsync(admin, $"flowschemas/{name}");

        Assert.Equal($"NotFound: This FlowSchema references the PriorityLevelConfiguration object named \"{name}\" but there is no such object", dangling);
        Assert.Equal($"Found: This FlowSchema references the PriorityLevelConfiguration object named \"{name}\" and it exists", found);
        Assert.NotEqual(uid, SchemaOf(before));
        Assert.Equal(uid, SchemaOf(await user.GetAsync(user.Core("pods"))));
        Assert.Equal(uid, SchemaOf(await user.GetAsync("/openapi/v3")));
        Assert.NotEqual(uid, SchemaOf(await user.GetAsync(user.Core("services"))));
        Assert.NotEqual(uid, SchemaOf(await user.GetAsync("/api/v1/namespaces/default/pods")));
        Assert.NotEqual(uid, SchemaOf(await user.GetAsync("/api/v1/pods")));

        // The column of kubectl get.
        var row = (await admin.GetAsync($"{Group}/flowschemas/{name}", Table)).Expect(200).Json.ObjectsAt("rows").Single();
        Assert.Equal("False", row["cells"]![5]!.GetValue<string>());
        (await admin.SendAsync(HttpMethod.Delete, $"{Group}/flowschemas/{name}")).Expect(200);
    }

    [Theory]
    [InlineData("flowschemas", """{"priorityLevelConfiguration":{"name":"exempt"}}""")]
    [InlineData("prioritylevelconfigurations", """{"type":"Limited","limited":{"limitResponse":{"type":"Reject"}}}""")]
    public async Task Update_WithoutAVersion_IsTaken(string resource, string spec)
    {
        var client = await fixture.CreateNamespaceAsync();
        var body = $$$"""{"metadata":{"name":"{{{client.Namespace}}}"},"spec":{{{spec}}} }""";
        (await client.SendAsync(HttpMethod.Post, $"{Group}/{resource}", body)).Expect(201);

        (await client.SendAsync(HttpMethod.Put, $"{Group}/{resource}/{client.Namespace}", body)).Expect(200);
    }

    private static string SchemaOf(ApiAnswer answer) => answer.Headers.GetValues("X-Kubernetes-Pf-Flowschema-Uid").Single();

    private static async Task<string> UidAsync(ApiClient admin, string path) => (await admin.GetAsync($"{Group}/{path}")).Expect(200).Json.StringAt("metadata", "uid") ?? "";

    private static async Task<string> DanglingAsync(ApiClient admin, string name, string status)
    {
        var answer = await Eventually.GetAsync(
            _ => admin.GetAsync($"{Group}/flowschemas/{name}"),
            answer => answer.Json.ObjectsAt("status", "conditions").Any(condition => condition.StringAt("type") == "Dangling" && condition.StringAt("status") == status),
            Patience,
            TestContext.Current.CancellationToken);
        var condition = answer.Json.ObjectsAt("status", "conditions").Single();
        return $"{condition.StringAt("reason")}: {condition.StringAt("message")}";
    }
}
