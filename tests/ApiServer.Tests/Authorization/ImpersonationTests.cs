using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Authorization;

/// <summary>Acting as somebody else (BAD_INPUTS.md B34).</summary>
[Collection(ServerCollection.Name)]
public sealed class ImpersonationTests(ServerFixture fixture)
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [Fact]
    public async Task Administrator_MayActAsAnybody()
    {
        var who = await WhoAsync(fixture.Server.Client, ("Impersonate-User", "jane"), ("Impersonate-Group", "devs"), ("Impersonate-Uid", "7"), ("Impersonate-Extra-Scopes%2fa", "view"));

        Assert.Equal("""{"username":"jane","uid":"7","groups":["devs","system:authenticated"],"extra":{"scopes/a":["view"]}}""", who.Expect(201).Json["status"]!["userInfo"]!.ToJsonString());
    }

    [Fact]
    public async Task ServiceAccount_IsInItsGroups()
    {
        var who = await WhoAsync(fixture.Server.Client, ("Impersonate-User", "system:serviceaccount:ns1:robot"));

        Assert.Equal(
            """["system:serviceaccounts","system:serviceaccounts:ns1","system:authenticated"]""", who.Expect(201).Json.At("status", "userInfo", "groups")!.ToJsonString());
    }

    [Fact]
    public async Task ActingAs_HasThatUsersRightsOnly()
    {
        var client = fixture.Server.CreateClient("admin", "system:masters");
        client.DefaultRequestHeaders.Add("Impersonate-User", "nobody-in-particular");

        Assert.Equal(
            "pods is forbidden: User \"nobody-in-particular\" cannot list resource \"pods\" in API group \"\" at the cluster scope",
            (await new ApiClient(client, "default").GetAsync("/api/v1/pods")).Expect(403).Message);
    }

    [Theory]
    [InlineData("Impersonate-User", "system:masters", "users \"system:masters\" is forbidden: User \"mallory\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope")]
    [InlineData("Impersonate-User", "system:serviceaccount:kube-system:namespace-controller", "serviceaccounts \"namespace-controller\" is forbidden: User \"mallory\" cannot impersonate resource \"serviceaccounts\" in API group \"\" in the namespace \"kube-system\"")]
    public async Task WhoHasNoRight_MayNot(string header, string value, string message)
    {
        using var mallory = fixture.Server.CreateClient("mallory");

        Assert.Equal(message, (await WhoAsync(mallory, (header, value))).Expect(403).Message);
    }

    [Fact]
    public async Task RightToUsers_IsNoneToGroupsUidsOrExtras()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var name = $"{admin.Namespace}-impersonator";
        (await admin.SendAsync(HttpMethod.Post, $"{Rbac}/clusterroles", $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[{"apiGroups":[""],"resources":["users"],"resourceNames":["jane"],"verbs":["impersonate"]}]}""")).Expect(201);
        (await admin.SendAsync(HttpMethod.Post, $"{Rbac}/clusterrolebindings", $$$"""{"metadata":{"name":"{{{name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{name}}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{name}}}"}]}""")).Expect(201);
        using var user = fixture.Server.CreateClient(name);

        (await WhoAsync(user, ("Impersonate-User", "jane"))).Expect(201);
        (await WhoAsync(user, ("Impersonate-User", "joe"))).Expect(403);
        Assert.StartsWith("groups \"system:masters\" is forbidden", (await WhoAsync(user, ("Impersonate-User", "jane"), ("Impersonate-Group", "system:masters"))).Expect(403).Message, StringComparison.Ordinal);
        Assert.StartsWith("uids.authentication.k8s.io \"7\" is forbidden", (await WhoAsync(user, ("Impersonate-User", "jane"), ("Impersonate-Uid", "7"))).Expect(403).Message, StringComparison.Ordinal);
        Assert.Contains(
            "cannot impersonate resource \"userextras/scopes\" in API group \"authentication.k8s.io\"",
            (await WhoAsync(user, ("Impersonate-User", "jane"), ("Impersonate-Extra-Scopes", "all"))).Expect(403).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task GroupsWithoutAUser_AreAnError() => (await WhoAsync(fixture.Server.Client, ("Impersonate-Group", "devs"))).Expect(500);

    private static async Task<ApiAnswer> WhoAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, WhoAmI) { Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers, response.Content.Headers);
    }
}
