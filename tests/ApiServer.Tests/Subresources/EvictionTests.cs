using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Subresources;

[Collection(ServerCollection.Name)]
public sealed class EvictionTests(ServerFixture fixture)
{
    private const string MergePatch = "application/merge-patch+json";

    [Fact]
    public async Task Evict_PodWithoutBudget_DeletesIt()
    {
        var client = await fixture.CreateNamespaceAsync();
        await PodsTests.CreatePodAsync(client, "p");

        var answer = (await EvictAsync(client, "p")).Expect(201);

        Assert.Equal("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}""" + "\n", answer.Text);
        (await client.GetAsync(client.Core("pods/p"))).Expect(404);
    }

    [Fact]
    public async Task Evict_NothingAllowed_IsTooMany()
    {
        var client = await fixture.CreateNamespaceAsync();
        await RunPodAsync(client, "p");
        await CreateBudgetAsync(client, "b", allowed: 0);

        var answer = (await EvictAsync(client, "p")).Expect(429);

        Assert.Equal("TooManyRequests", answer.Reason);
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", answer.Message);
        var cause = answer.Json.ObjectsAt("details", "causes").Single();
        Assert.Equal("DisruptionBudget", cause.StringAt("reason"));
        Assert.Equal("The disruption budget b needs 1 healthy pods and has 1 currently", cause.StringAt("message"));
        Assert.Null(answer.Headers.RetryAfter);
        (await client.GetAsync(client.Core("pods/p"))).Expect(200);
    }

    [Fact]
    public async Task Evict_BudgetNotSeenByItsController_IsToldToComeBack()
    {
        var client = await fixture.CreateNamespaceAsync();
        await RunPodAsync(client, "p");
        await CreateBudgetAsync(client, "b", allowed: 1, observed: 0);

        var answer = (await EvictAsync(client, "p")).Expect(429);

        Assert.Equal("10", answer.Headers.RetryAfter?.ToString());
        Assert.Equal("The disruption budget b is still being processed by the server.", answer.Json.ObjectsAt("details", "causes").Single().StringAt("message"));
    }

    [Fact]
    public async Task Evict_Allowed_TakesItFromTheBudgetAndTellsThePod()
    {
        var client = await fixture.CreateNamespaceAsync();
        await RunPodAsync(client, "p");
        await CreateBudgetAsync(client, "b", allowed: 1);

        (await EvictAsync(client, "p")).Expect(201);

        var budget = (await client.GetAsync(BudgetPath(client, "b"))).Expect(200).Json;
        Assert.Equal(0, budget.IntegerAt("status", "disruptionsAllowed"));
        Assert.NotNull(budget.StringAt("status", "disruptedPods", "p"));
        Assert.Contains(budget.ObjectsAt("status", "conditions"), condition => condition.StringAt("reason") == "InsufficientPods");
        var pod = (await client.GetAsync(client.Core("pods/p"))).Expect(200).Json;
        Assert.NotNull(pod.StringAt("metadata", "deletionTimestamp"));
        var target = pod.ObjectsAt("status", "conditions").Single(condition => condition.StringAt("type") == "DisruptionTarget");
        Assert.Equal("EvictionByEvictionAPI", target.StringAt("reason"));
        Assert.Equal("Eviction API: evicting", target.StringAt("message"));
    }

    [Fact]
    public async Task Evict_ManyAtOnce_NeverMoreThanAllowed()
    {
        var client = await fixture.CreateNamespaceAsync();
        foreach (var index in Enumerable.Range(0, 6))
        {
            await RunPodAsync(client, $"p{index}");
        }

        await CreateBudgetAsync(client, "b", allowed: 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(index => EvictAsync(client, $"p{index}")));

        Assert.Equal(2, answers.Count(answer => answer.Status == 201));
        Assert.Equal(4, answers.Count(answer => answer.Status == 429));
    }

    [Fact]
    public async Task Evict_TwoBudgets_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        await RunPodAsync(client, "p");
        await CreateBudgetAsync(client, "a", allowed: 1);
        await CreateBudgetAsync(client, "b", allowed: 1);

        var answer = (await EvictAsync(client, "p")).Expect(500);

        Assert.Equal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.", answer.Message);
    }

    [Theory]
    [InlineData("?dryRun=All", "")]
    [InlineData("", ",\"deleteOptions\":{\"dryRun\":[\"All\"]}")]
    public async Task Evict_DryRun_ChangesNothing(string query, string options)
    {
        var client = await fixture.CreateNamespaceAsync();
        await RunPodAsync(client, "p");
        await CreateBudgetAsync(client, "b", allowed: 1);

        (await EvictAsync(client, "p", options, query)).Expect(201);

        Assert.Null((await client.GetAsync(client.Core("pods/p"))).Expect(200).Json.StringAt("metadata", "deletionTimestamp"));
        Assert.Equal(1, (await client.GetAsync(BudgetPath(client, "b"))).Json.IntegerAt("status", "disruptionsAllowed"));
    }

    [Theory]
    [InlineData("AlwaysAllow", 201)]
    [InlineData("IfHealthyBudget", 429)]
    public async Task Evict_UnhealthyPodOfSickBudget_DependsOnItsPolicy(string policy, int status)
    {
        var client = await fixture.CreateNamespaceAsync();
        await RunPodAsync(client, "p", ready: "False");
        await CreateBudgetAsync(client, "b", allowed: 0, healthy: 0, policy: policy);

        (await EvictAsync(client, "p")).Expect(status);
    }

    [Fact]
    public async Task Evict_FinishedPod_AsksNobody()
    {
        var client = await fixture.CreateNamespaceAsync();
        await RunPodAsync(client, "p", phase: "Succeeded");
        await CreateBudgetAsync(client, "b", allowed: 0);

        (await EvictAsync(client, "p")).Expect(201);

        (await client.GetAsync(client.Core("pods/p"))).Expect(404);
    }

    [Fact]
    public async Task Evict_OtherName_IsABadRequest()
    {
        var client = await fixture.CreateNamespaceAsync();
        await PodsTests.CreatePodAsync(client, "p");

        var answer = await client.SendAsync(HttpMethod.Post, client.Core("pods/p/eviction"), """{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"q"}}""");

        Assert.Equal("name in URL does not match name in Eviction object", answer.Expect(400).Message);
    }

    [Fact]
    public async Task Evict_NoSuchPod_IsNotFound()
    {
        var client = await fixture.CreateNamespaceAsync();

        Assert.Equal("pods \"p\" not found", (await EvictAsync(client, "p")).Expect(404).Message);
    }

    [Fact]
    public async Task Discovery_Eviction_IsOfPolicy()
    {
        var client = await fixture.CreateNamespaceAsync();

        var resource = (await client.GetAsync("/api/v1")).Json.ObjectsAt("resources").Single(resource => resource.StringAt("name") == "pods/eviction");

        Assert.Equal(
            """{"name":"pods/eviction","singularName":"","namespaced":true,"group":"policy","version":"v1","kind":"Eviction","verbs":["create"]}""",
            resource.ToJsonString());
    }

    private static string BudgetPath(ApiClient client, string name) => $"/apis/policy/v1/namespaces/{client.Namespace}/poddisruptionbudgets/{name}";

    private static Task<ApiAnswer> EvictAsync(ApiClient client, string pod, string options = "", string query = "") => client.SendAsync(
        HttpMethod.Post,
        client.Core($"pods/{pod}/eviction{query}"),
        $$$"""{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"{{{pod}}}","namespace":"{{{client.Namespace}}}"}{{{options}}}}""");

    private static async Task RunPodAsync(ApiClient client, string name, string phase = "Running", string ready = "True")
    {
        await PodsTests.CreatePodAsync(client, name, ",\"labels\":{\"app\":\"a\"}");
        await PodsTests.BindAsync(client, name, "node1");
        (await client.SendAsync(
            HttpMethod.Patch,
            client.Core($"pods/{name}/status"),
            $$$"""{"status":{"phase":"{{{phase}}}","conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}""",
            MergePatch)).Expect(200);
    }

    private static async Task CreateBudgetAsync(ApiClient client, string name, int allowed, int observed = 1, int healthy = 1, string? policy = null)
    {
        var extra = policy is null ? "" : $",\"unhealthyPodEvictionPolicy\":\"{policy}\"";
        (await client.SendAsync(
            HttpMethod.Post,
            BudgetPath(client, "").TrimEnd('/'),
            $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"a"}}{{{extra}}}}}""")).Expect(201);
        (await client.SendAsync(
            HttpMethod.Patch,
            BudgetPath(client, name) + "/status",
            $$$"""{"status":{"disruptionsAllowed":{{{allowed}}},"currentHealthy":{{{healthy}}},"desiredHealthy":1,"expectedPods":1,"observedGeneration":{{{observed}}}}}""",
            MergePatch)).Expect(200);
    }
}
