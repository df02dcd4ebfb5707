using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Quotas;
using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests;

/// <summary>Resource quotas: what is counted, what is refused, and that nothing is ever exceeded.</summary>
[Collection(ServerCollection.Name)]
public sealed class QuotaTests(ServerFixture fixture)
{
    [Fact]
    public async Task Quota_Created_CountsWhatIsThere()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        (await client.CreateAsync("pods", Pod("p", """{"requests":{"cpu":"1"}}"""))).Expect(201);

        var quota = await CreateAsync(client, """{"pods":"3","configmaps":"5","requests.cpu":"4","cpu":"4","count/configmaps":"9","secrets":"1"}""");

        Assert.Equal("""{"configmaps":"1","count/configmaps":"1","cpu":"1","pods":"1","requests.cpu":"1","secrets":"0"}""", quota["used"]);
        Assert.Equal("""{"configmaps":"5","count/configmaps":"9","cpu":"4","pods":"3","requests.cpu":"4","secrets":"1"}""", quota["hard"]);
    }

    [Fact]
    public async Task Pod_TooMany_IsForbiddenUntilOneIsGone()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"pods":"1"}""");
        (await client.CreateAsync("pods", Pod("a"))).Expect(201);

        var refused = await client.CreateAsync("pods", Pod("b"));
        (await client.SendAsync(HttpMethod.Delete, client.Core("pods/a"))).Expect(200);
        var accepted = await client.CreateAsync("pods", Pod("b"));

        refused.Expect(403);
        Assert.Equal("pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1", refused.Message);
        accepted.Expect(201);
        Assert.Equal("""{"pods":"1"}""", (await StatusAsync(client))["used"]);
    }

    [Fact]
    public async Task Pod_ThatEnded_TakesNothing()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"pods":"1"}""");
        (await client.CreateAsync("pods", Pod("a"))).Expect(201);

        (await client.SendAsync(HttpMethod.Patch, client.Core("pods/a/status"), """{"status":{"phase":"Succeeded"}}""", "application/merge-patch+json")).Expect(200);

        Assert.Equal("""{"pods":"0"}""", (await StatusAsync(client))["used"]);
    }

    [Fact]
    public async Task Pod_WithoutWhatIsLimited_IsForbidden()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"limits.cpu":"2","requests.memory":"1Gi"}""");

        var answer = await client.CreateAsync("pods", Pod("a", """{"requests":{"memory":"1Mi"}}"""));

        answer.Expect(403);
        Assert.Equal("pods \"a\" is forbidden: failed quota: q: must specify limits.cpu for: c", answer.Message);
    }

    [Fact]
    public async Task Pod_TooMuch_NamesOnlyWhatIsExceeded()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"requests.cpu":"1","requests.memory":"1Gi","pods":"9"}""");

        var answer = await client.CreateAsync("pods", Pod("a", """{"requests":{"cpu":"1500m","memory":"1Mi"}}"""));

        answer.Expect(403);
        Assert.Equal("pods \"a\" is forbidden: exceeded quota: q, requested: requests.cpu=1500m, used: requests.cpu=0, limited: requests.cpu=1", answer.Message);
    }

    [Fact]
    public async Task Scopes_ChooseWhichPodsAreCounted()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"pods":"1"}""", ",\"scopes\":[\"BestEffort\"]");
        (await client.CreateAsync("pods", Pod("a"))).Expect(201);

        (await client.CreateAsync("pods", Pod("b", """{"requests":{"cpu":"1"}}"""))).Expect(201);
        (await client.CreateAsync("pods", Pod("c"))).Expect(403);
    }

    [Theory]
    [InlineData("Exists", "", "{}", false)]
    [InlineData("Exists", "", """{"spec":{"volumeAttributesClassName":"gold"}}""", true)]
    [InlineData("DoesNotExist", "", "{}", true)]
    [InlineData("In", "\"gold\"", """{"spec":{"volumeAttributesClassName":"gold"}}""", true)]
    [InlineData("In", "\"gold\"", """{"spec":{"volumeAttributesClassName":"tin"},"status":{"currentVolumeAttributesClassName":"gold"}}""", true)]
    [InlineData("In", "\"gold\"", """{"spec":{"volumeAttributesClassName":"tin"}}""", false)]
    [InlineData("NotIn", "\"gold\"", """{"spec":{"volumeAttributesClassName":"gold"}}""", false)]
    [InlineData("NotIn", "\"gold\"", "{}", true)]
    public void Scope_OfAVolumeAttributesClass_ChoosesClaims(string @operator, string values, string claim, bool isCounted)
    {
        var quota = Strategies.Parse($$$"""{"spec":{"scopeSelector":{"matchExpressions":[{"scopeName":"VolumeAttributesClass","operator":"{{{@operator}}}","values":[{{{values}}}]}]} } }""");

        Assert.Equal(isCounted, QuotaScopes.Includes(quota, new GroupVersionResource("", "v1", "persistentvolumeclaims"), Strategies.Parse(claim)));
        Assert.False(QuotaScopes.Includes(quota, new GroupVersionResource("", "v1", "pods"), Strategies.Parse(claim)));
    }

    [Fact]
    public async Task Service_ThatChanges_IsCountedAnew()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"services":"2","services.nodeports":"1"}""");
        (await client.CreateAsync("services", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}""")).Expect(201);

        (await client.SendAsync(HttpMethod.Patch, client.Core("services/s"), """{"spec":{"type":"NodePort"}}""", "application/merge-patch+json")).Expect(200);

        Assert.Equal("""{"services":"1","services.nodeports":"1"}""", (await StatusAsync(client))["used"]);
    }

    [Fact]
    public async Task Quota_Changed_IsCountedAnew()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"pods":"1"}""");
        await client.CreateConfigMapAsync("a");

        (await client.SendAsync(HttpMethod.Patch, client.Core("resourcequotas/q"), """{"spec":{"hard":{"configmaps":"2"}}}""", "application/merge-patch+json")).Expect(200);

        Assert.Equal("""{"configmaps":"1","pods":"0"}""", (await StatusAsync(client))["used"]);
    }

    [Fact]
    public async Task Status_ThatLostItsLimits_IsCountedAnewWhenTheyAreBack()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"configmaps":"3"}""");
        await client.CreateConfigMapAsync("a");
        await PatchStatusAsync("""{"status":{"hard":{"configmaps":"9"},"used":{"configmaps":"7"}}}""");
        Assert.Equal("""{"configmaps":"7"}""", (await StatusAsync(client))["used"]);

        await PatchStatusAsync("""{"status":{"hard":{"configmaps":"3"}}}""");

        Assert.Equal("""{"configmaps":"1"}""", (await StatusAsync(client))["used"]);

        async Task PatchStatusAsync(string patch) =>
            (await client.SendAsync(HttpMethod.Patch, client.Core("resourcequotas/q/status"), patch, "application/merge-patch+json")).Expect(200);
    }

    [Fact]
    public async Task DryRun_IsRefusedAndCountsNothing()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"configmaps":"1"}""");

        (await client.SendAsync(HttpMethod.Post, client.Core("configmaps") + "?dryRun=All", """{"metadata":{"name":"a"}}""")).Expect(201);
        Assert.Equal("""{"configmaps":"0"}""", (await StatusAsync(client))["used"]);
        await client.CreateConfigMapAsync("a");

        (await client.SendAsync(HttpMethod.Post, client.Core("configmaps") + "?dryRun=All", """{"metadata":{"name":"b"}}""")).Expect(403);
    }

    [Fact]
    public async Task Creates_AllAtOnce_NeverExceedTheQuota()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"configmaps":"7"}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => client.CreateAsync("configmaps", $$$"""{"metadata":{"name":"c{{{i}}}"}}""")));

        Assert.Equal(7, answers.Count(answer => answer.Status == 201));
        Assert.Equal(23, answers.Count(answer => answer.Status == 403));
        Assert.Equal("""{"configmaps":"7"}""", (await StatusAsync(client))["used"]);
    }

    [Fact]
    public async Task Deletes_AllAtOnce_GiveAllBack()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreateAsync(client, """{"configmaps":"20"}""");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.CreateConfigMapAsync($"c{i}")));

        (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps"))).Expect(200);

        Assert.Equal("""{"configmaps":"0"}""", (await StatusAsync(client))["used"]);
    }

    private static string Pod(string name, string resources = "{}") =>
        "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":" + resources + "}]}}";

    private static async Task<Dictionary<string, string>> CreateAsync(ApiClient client, string hard, string fields = "")
    {
        (await client.CreateAsync("resourcequotas", "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":" + hard + fields + "}}")).Expect(201);
        return await StatusAsync(client);
    }

    private static async Task<Dictionary<string, string>> StatusAsync(ApiClient client)
    {
        var status = (await client.GetAsync(client.Core("resourcequotas/q"))).Expect(200).Json.ObjectAt("status")!;
        return status.ToDictionary(entry => entry.Key, entry => entry.Value!.ToJsonString());
    }
}
