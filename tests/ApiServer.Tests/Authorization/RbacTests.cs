namespace MiniKube.ApiServer.Tests.Authorization;

/// <summary>Escalation, binding, resource names and reasons (BAD_INPUTS.md B33, B38), in upstream's words.</summary>
[Collection(ServerCollection.Name)]
public sealed class RbacTests(ServerFixture fixture)
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [Fact]
    public async Task Role_WithMoreThanItsWriterHas_IsRefused()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var user = await UserAsync(admin, """[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"],"verbs":["get","create","update","patch"]},{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]""");

        var refused = (await CreateRoleAsync(user, "greedy", """[{"apiGroups":[""],"resources":["pods","secrets"],"verbs":["get","delete"]}]""")).Expect(403);

        Assert.Equal(
            $"""
            roles.rbac.authorization.k8s.io "greedy" is forbidden: user "{user.Namespace}-user" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:
            {"{"}APIGroups:[""], Resources:["pods"], Verbs:["delete"]{"}"}
            {"{"}APIGroups:[""], Resources:["secrets"], Verbs:["get" "delete"]{"}"}
            """.ReplaceLineEndings("\n"),
            refused.Message);
        (await CreateRoleAsync(user, "modest", """[{"apiGroups":[""],"resources":["pods"],"verbs":["get"],"resourceNames":["a"]}]""")).Expect(201);

        // Nor later, by PUT or PATCH.
        (await user.SendAsync(
            HttpMethod.Patch, $"{Rbac}/namespaces/{user.Namespace}/roles/modest", """{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""", "application/merge-patch+json")).Expect(403);
        (await user.SendAsync(HttpMethod.Put, $"{Rbac}/namespaces/{user.Namespace}/roles/other", """{"metadata":{"name":"other"},"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}""")).Expect(403);
    }

    [Fact]
    public async Task Role_WithMoreThanItsWriterHas_IsTaken_FromWhoMayEscalate()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var user = await UserAsync(admin, """[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"],"verbs":["create","escalate"]}]""");

        (await CreateRoleAsync(user, "greedy", """[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]""")).Expect(201);
    }

    [Fact]
    public async Task Binding_ToARoleWithMoreThanItsWriterHas_IsRefused_UnlessHeMayBindIt()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var user = await UserAsync(admin, """
            [{"apiGroups":["rbac.authorization.k8s.io"],"resources":["rolebindings"],"verbs":["create"]},
             {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["system:aggregate-to-view"],"verbs":["bind"]}]
            """);

        var refused = (await BindAsync(user, "ClusterRole", "cluster-admin")).Expect(403);
        Assert.StartsWith("rolebindings.rbac.authorization.k8s.io \"to-cluster-admin\" is forbidden: user \"", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}\n{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}", refused.Message, StringComparison.Ordinal);
        (await BindAsync(user, "ClusterRole", "system:aggregate-to-view")).Expect(201);
        Assert.Equal("roles.rbac.authorization.k8s.io \"none\" not found", (await BindAsync(user, "Role", "none")).Expect(404).Message);
    }

    [Fact]
    public async Task AggregationRule_IsForClusterAdministrators()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var name = $"{admin.Namespace}-aggregator";
        var user = await UserAsync(admin, "[]");
        await GiveClusterWideAsync(admin, $"{admin.Namespace}-user", """[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["create"]}]""");

        var refused = await user.SendAsync(
            HttpMethod.Post, $"{Rbac}/clusterroles", $$$"""{"metadata":{"name":"{{{name}}}-all"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}}""");

        Assert.Equal($"clusterroles.rbac.authorization.k8s.io \"{name}-all\" is forbidden: must have cluster-admin privileges to use an aggregationRule", refused.Expect(403).Message);
    }

    [Fact]
    public async Task ResourceNames_LimitReadsOfOne_AndListsAndWatchesByThatName()
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.CreateConfigMapAsync("mine");
        await admin.CreateConfigMapAsync("other");
        var user = await UserAsync(admin, """[{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["mine"],"verbs":["get","list","watch","deletecollection"]}]""");

        (await user.GetAsync(user.Core("configmaps/mine"))).Expect(200);
        (await user.GetAsync(user.Core("configmaps/other"))).Expect(403);
        (await user.GetAsync(user.Core("configmaps"))).Expect(403);
        Assert.Equal(["mine"], (await user.GetAsync(user.Core("configmaps?fieldSelector=metadata.name%3Dmine"))).Expect(200).Names);
        (await user.GetAsync(user.Core("configmaps?fieldSelector=metadata.name%3Dother"))).Expect(403);
        (await user.GetAsync(user.Core("configmaps?fieldSelector=metadata.name!%3Dother"))).Expect(403);
        (await user.GetAsync(user.Core("configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dmine"))).Expect(200);
        (await user.GetAsync(user.Core("configmaps?watch=true&timeoutSeconds=1"))).Expect(403);
        (await user.GetAsync($"/api/v1/watch/namespaces/{user.Namespace}/configmaps/mine?timeoutSeconds=1")).Expect(200);
        (await user.GetAsync($"/api/v1/watch/namespaces/{user.Namespace}/configmaps/other?timeoutSeconds=1")).Expect(403);
        (await user.SendAsync(HttpMethod.Delete, user.Core("configmaps"))).Expect(403);
        (await user.SendAsync(HttpMethod.Delete, user.Core("configmaps?fieldSelector=metadata.name%3Dmine"))).Expect(200);
        (await admin.GetAsync(admin.Core("configmaps/other"))).Expect(200);
    }

    [Fact]
    public async Task Subresources_AreRightsOfTheirOwn()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var user = await UserAsync(admin, """
            [{"apiGroups":[""],"resources":["pods/log"],"verbs":["get"]},{"apiGroups":["*"],"resources":["*/scale"],"verbs":["get"]}]
            """);

        Assert.Equal(
            $"pods \"p\" is forbidden: User \"{user.Namespace}-user\" cannot get resource \"pods\" in API group \"\" in the namespace \"{user.Namespace}\"",
            (await user.GetAsync(user.Core("pods/p"))).Expect(403).Message);
        (await user.GetAsync(user.Core("pods/p/log"))).Expect(404);
        (await user.GetAsync($"/apis/apps/v1/namespaces/{user.Namespace}/deployments/d/scale")).Expect(404);
        Assert.Contains("cannot get resource \"deployments/status\" in API group \"apps\"", (await user.GetAsync($"/apis/apps/v1/namespaces/{user.Namespace}/deployments/d/status")).Expect(403).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BindingToARoleThatIsNotThere_IsTold()
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.GiveAsync($"{admin.Namespace}-user", "missing");
        var user = fixture.Server.As(admin.Namespace, $"{admin.Namespace}-user");

        var refused = (await user.GetAsync(user.Core("pods"))).Expect(403);

        Assert.Equal(
            $"pods is forbidden: User \"{admin.Namespace}-user\" cannot list resource \"pods\" in API group \"\" in the namespace \"{admin.Namespace}\": "
            + "RBAC: clusterrole.rbac.authorization.k8s.io \"missing\" not found",
            refused.Message);
    }

    [Fact]
    public async Task Anonymous_IsToldHowItIsCalled()
    {
        using var http = fixture.Server.CreateClient("");
        var anonymous = new ApiClient(http, "default");

        Assert.Equal("forbidden: User \"system:anonymous\" cannot get path \"/\"", (await anonymous.GetAsync("/")).Expect(403).Message);
        foreach (var path in (string[])["/healthz", "/livez", "/readyz", "/version", "/version/"])
        {
            (await anonymous.GetAsync(path)).Expect(200);
        }

        foreach (var path in (string[])["/metrics", "/api", "/apis", "/openapi/v2", "/readyz/etcd", "/.well-known/openid-configuration"])
        {
            (await anonymous.GetAsync(path)).Expect(403);
        }
    }

    private static Task<ApiAnswer> CreateRoleAsync(ApiClient user, string name, string rules) => user.SendAsync(
        HttpMethod.Post, $"{Rbac}/namespaces/{user.Namespace}/roles", $$"""{"metadata":{"name":"{{name}}"},"rules":{{rules}}}""");

    private static Task<ApiAnswer> BindAsync(ApiClient user, string kind, string role) => user.SendAsync(
        HttpMethod.Post, $"{Rbac}/namespaces/{user.Namespace}/rolebindings", $$"""
        {"metadata":{"name":"to-{{role.Replace(':', '-')}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{kind}}","name":"{{role}}"},
         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"friend"}]}
        """);

    private static async Task GiveClusterWideAsync(ApiClient admin, string user, string rules)
    {
        (await admin.SendAsync(HttpMethod.Post, $"{Rbac}/clusterroles", $$"""{"metadata":{"name":"{{user}}"},"rules":{{rules}}}""")).Expect(201);
        (await admin.SendAsync(HttpMethod.Post, $"{Rbac}/clusterrolebindings", $$"""
            {"metadata":{"name":"{{user}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{user}}"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{user}}"}]}
            """)).Expect(201);
    }

    /// <summary>A user who has just these rules in the administrator's namespace.</summary>
    private async Task<ApiClient> UserAsync(ApiClient admin, string rules)
    {
        var name = $"{admin.Namespace}-user";
        (await CreateRoleAsync(admin, "given", rules)).Expect(201);
        (await admin.SendAsync(HttpMethod.Post, $"{Rbac}/namespaces/{admin.Namespace}/rolebindings", $$"""
            {"metadata":{"name":"given"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"given"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{name}}"}]}
            """)).Expect(201);
        return fixture.Server.As(admin.Namespace, name);
    }
}
