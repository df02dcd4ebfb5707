using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Authorization;

[Collection(ServerCollection.Name)]
public sealed class ReviewTests(ServerFixture fixture)
{
    private const string Group = "/apis/authorization.k8s.io/v1";

    [Theory]
    [InlineData("""{"resourceAttributes":{"verb":"get","resource":"pods","namespace":"default"}}""", true)]
    [InlineData("""{"resourceAttributes":{"verb":"list","group":"apps","resource":"deployments"}}""", true)]
    [InlineData("""{"nonResourceAttributes":{"verb":"get","path":"/metrics"}}""", true)]
    public async Task SelfSubjectAccessReview_OfAnAdministrator_IsYes(string spec, bool allowed)
    {
        var admin = await fixture.CreateNamespaceAsync();

        var status = (await PostAsync(admin, "selfsubjectaccessreviews", spec)).Expect(201).Json["status"];

        Assert.Equal(allowed, status.BooleanAt("allowed"));
    }

    [Fact]
    public async Task SubjectAccessReview_TellsWhichBindingAllows()
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.GiveAsync($"{admin.Namespace}-jane", "system:aggregate-to-view");

        var yes = await PostAsync(admin, "subjectaccessreviews", $$$"""{"user":"{{{admin.Namespace}}}-jane","groups":["devs"],"resourceAttributes":{"verb":"list","resource":"pods","namespace":"{{{admin.Namespace}}}"}}""");
        var no = await PostAsync(admin, "subjectaccessreviews", $$$"""{"user":"{{{admin.Namespace}}}-jane","resourceAttributes":{"verb":"list","resource":"pods"}}""");

        Assert.Equal(
            $$"""{"allowed":true,"reason":"RBAC: allowed by RoleBinding \"{{admin.Namespace}}-jane-system-aggregate-to-view/{{admin.Namespace}}\" of ClusterRole \"system:aggregate-to-view\" to User \"{{admin.Namespace}}-jane\""}""",
            yes.Expect(201).Json["status"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("""{"allowed":false}""", no.Expect(201).Json["status"]!.ToJsonString());
    }

    [Theory]
    [InlineData("selfsubjectaccessreviews", "{}", "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified")]
    [InlineData("selfsubjectaccessreviews", """{"resourceAttributes":{"verb":"get"},"nonResourceAttributes":{"verb":"get"}}""", "cannot be specified in combination with resourceAttributes")]
    [InlineData("subjectaccessreviews", """{"resourceAttributes":{"verb":"get"}}""", "spec.user: Invalid value: \"\": at least one of user or group must be specified")]
    public async Task Review_ThatAsksNothing_IsInvalid(string resource, string spec, string message)
    {
        var admin = await fixture.CreateNamespaceAsync();

        var answer = (await PostAsync(admin, resource, spec)).Expect(422);

        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalSubjectAccessReview_IsOfItsNamespace()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var path = $"{Group}/namespaces/{admin.Namespace}/localsubjectaccessreviews";
        string Body(string ns) => """{"spec":{"user":"jane","resourceAttributes":{"verb":"get","resource":"pods","namespace":"NS"}}}""".Replace("NS", ns, StringComparison.Ordinal);

        Assert.Equal("""{"allowed":false}""", (await admin.SendAsync(HttpMethod.Post, path, Body(admin.Namespace))).Expect(201).Json["status"]!.ToJsonString());
        Assert.Contains("must match metadata.namespace", (await admin.SendAsync(HttpMethod.Post, path, Body("default"))).Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RulesReview_ListsWhatOneMay()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var name = $"{admin.Namespace}-jane";
        await admin.GiveAsync(name, "system:auth-delegator");
        var jane = fixture.Server.As(admin.Namespace, name);

        var status = (await PostAsync(jane, "selfsubjectrulesreviews", $$"""{"namespace":"{{admin.Namespace}}"}""")).Expect(201).Json["status"];

        Assert.False(status.BooleanAt("incomplete"));
        Assert.Contains(status.ObjectsAt("resourceRules"), rule => rule.ToJsonString() == """{"verbs":["create"],"apiGroups":["authentication.k8s.io"],"resources":["tokenreviews"]}""");
        Assert.Contains(status.ObjectsAt("nonResourceRules"), rule => rule["nonResourceURLs"]!.AsArray().Any(url => url!.ToString() == "/openapi/*"));
        Assert.Equal("no namespace on request", (await PostAsync(jane, "selfsubjectrulesreviews", "{}")).Expect(400).Message);
    }

    [Fact]
    public async Task Reviews_AreInDiscovery_ToBeCreatedOnly()
    {
        var admin = await fixture.CreateNamespaceAsync();

        var resources = (await admin.GetAsync(Group)).Expect(200).Json.ObjectsAt("resources").ToList();

        Assert.Equal(
            ["localsubjectaccessreviews:True", "selfsubjectaccessreviews:False", "selfsubjectrulesreviews:False", "subjectaccessreviews:False"],
            resources.Select(resource => $"{resource.StringAt("name")}:{resource.BooleanAt("namespaced")}"));
        Assert.All(resources, resource => Assert.Equal("""["create"]""", resource["verbs"]!.ToJsonString()));
        Assert.All(resources, resource => Assert.Null(resource["storageVersionHash"]));
        (await admin.GetAsync($"{Group}/subjectaccessreviews")).Expect(405);
        (await admin.GetAsync("/apis/authentication.k8s.io/v1/tokenreviews/x")).Expect(405);
        (await admin.SendAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/tokenreviews", """{"spec":{}}""")).Expect(400);
        Assert.Contains("serviceaccounts/token", (await admin.GetAsync("/api/v1")).Json.ObjectsAt("resources").Select(resource => resource.StringAt("name")));
    }

    private static Task<ApiAnswer> PostAsync(ApiClient client, string resource, string spec) =>
        client.SendAsync(HttpMethod.Post, $"{Group}/{resource}", $$"""{"spec":{{spec}}}""");
}
