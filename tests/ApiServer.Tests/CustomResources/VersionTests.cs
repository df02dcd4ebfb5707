using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.CustomResources;

[Collection(ServerCollection.Name)]
public sealed class VersionTests(ServerFixture fixture)
{
    [Fact]
    public async Task Object_OfTwoVersions_IsServedAndWatchedInEach()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(TwoVersions("versions1.example.com"));
        string Path(string version) => $"/apis/versions1.example.com/{version}/namespaces/{client.Namespace}/crontabs";
        using var old = await client.WatchAsync($"{Path("v1beta1")}?watch=true");

        var created = (await client.SendAsync(HttpMethod.Post, Path("v1"), """{"metadata":{"name":"a"},"spec":{"cronSpec":"x","only":"new"}}""")).Expect(201);
        var read = (await client.GetAsync($"{Path("v1beta1")}/a")).Expect(200);
        var told = await old.NextAsync();
        (await client.SendAsync(HttpMethod.Patch, $"{Path("v1beta1")}/a", """{"spec":{"cronSpec":"y"}}""", "application/merge-patch+json")).Expect(200);
        var after = (await client.GetAsync($"{Path("v1")}/a")).Expect(200);

        Assert.Equal("versions1.example.com/v1", created.Json.StringAt("apiVersion"));
        Assert.Equal("versions1.example.com/v1beta1", read.Json.StringAt("apiVersion"));
        Assert.Equal("x", read.Json.StringAt("spec", "cronSpec"));
        Assert.Null(read.Json.At("spec", "only"));
        Assert.Equal("versions1.example.com/v1beta1", told.StringAt("object", "apiVersion"));
        Assert.Equal("y", after.Json.StringAt("spec", "cronSpec"));
        Assert.Equal(created.Json.StringAt("metadata", "uid"), read.Json.StringAt("metadata", "uid"));
        Assert.Contains("299 - \"versions1.example.com/v1beta1 CronTab is deprecated\"", read.Headers.GetValues("Warning"));
    }

    [Fact]
    public async Task StorageVersion_Changed_IsRememberedAndOldObjectsAreReadWithItsDefaults()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(TwoVersions("versions2.example.com"));
        var path = $"/apis/versions2.example.com/v1/namespaces/{client.Namespace}/crontabs";
        (await client.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"a"},"spec":{"cronSpec":"x"}}""")).Expect(201);

        var definition = (await client.GetAsync($"{Definitions.Path}/crontabs.versions2.example.com")).Json;
        definition["spec"]!["versions"]![0]!["storage"] = false;
        definition["spec"]!["versions"]![1]!["storage"] = true;
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["added"] =
            new JsonObject { ["type"] = "string", ["default"] = "later" };
        var changed = (await client.SendAsync(HttpMethod.Put, $"{Definitions.Path}/crontabs.versions2.example.com", definition.ToJsonString())).Expect(200);
        var read = (await client.GetAsync($"{path}/a")).Expect(200);

        Assert.Equal("""["v1beta1","v1"]""", changed.Json.At("status", "storedVersions")!.ToJsonString());
        Assert.Equal("later", (await client.GetAsync($"{path.Replace("/v1/", "/v1beta1/", StringComparison.Ordinal)}/a")).Json.StringAt("spec", "added"));
        Assert.Null(read.Json.At("spec", "added"));
    }

    [Fact]
    public async Task Version_NoLongerServed_Is404AndEndsItsWatches()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(TwoVersions("versions3.example.com"));
        using var watch = await client.WatchAsync("/apis/versions3.example.com/v1beta1/crontabs?watch=true");

        (await client.SendAsync(
            HttpMethod.Patch, $"{Definitions.Path}/crontabs.versions3.example.com", """[{"op":"replace","path":"/spec/versions/0/served","value":false}]""", "application/json-patch+json")).Expect(200);

        Assert.Null(await watch.NextAsync());
        (await client.GetAsync("/apis/versions3.example.com/v1beta1/crontabs")).Expect(404);
        (await client.GetAsync("/apis/versions3.example.com/v1/crontabs")).Expect(200);
    }

    [Fact]
    public async Task Groups_OfSeveralVersions_PreferTheReleasedOne()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(TwoVersions("versions4.example.com"));

        var group = (await client.GetAsync("/apis/versions4.example.com")).Expect(200).Json;

        Assert.Equal(["v1", "v1beta1"], group.ObjectsAt("versions").Select(version => version.StringAt("version")));
        Assert.Equal("v1", group.StringAt("preferredVersion", "version"));
    }

    [Fact]
    public async Task ApiServices_OfEveryGroupVersion_AreLocalAndAvailable()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(TwoVersions("versions5.example.com"));

        var custom = (await client.WaitAsync("/apis/apiregistration.k8s.io/v1/apiservices/v1.versions5.example.com", answer => answer.Status == 200)).Json;
        var builtIn = (await client.GetAsync("/apis/apiregistration.k8s.io/v1/apiservices/v1.apps")).Expect(200).Json;
        (await client.SendAsync(HttpMethod.Delete, $"{Definitions.Path}/crontabs.versions5.example.com")).Expect(200);

        Assert.Equal("true", custom.StringAt("metadata", "labels", "kube-aggregator.kubernetes.io/automanaged"));
        Assert.Equal((1000L, 100L), (custom.IntegerAt("spec", "groupPriorityMinimum"), custom.IntegerAt("spec", "versionPriority")));
        Assert.Equal((17800L, 15L), (builtIn.IntegerAt("spec", "groupPriorityMinimum"), builtIn.IntegerAt("spec", "versionPriority")));
        var condition = builtIn.ObjectsAt("status", "conditions").Single();
        Assert.Equal("Available True Local", $"{condition.StringAt("type")} {condition.StringAt("status")} {condition.StringAt("reason")}");
        await client.WaitAsync("/apis/apiregistration.k8s.io/v1/apiservices/v1.versions5.example.com", answer => answer.Status == 404);
    }

    [Fact]
    public async Task Server_StartedAgain_ServesCustomResourcesWhenItIsReady()
    {
        var files = Directory.CreateTempSubdirectory("minikube-crd-");
        try
        {
            var store = Path.Combine(files.FullName, "store.db");
            await using (var first = await TestApiServer.StartAsync(options => options with { EmbeddedStore = store }))
            {
                var client = new ApiClient(first.Client, "default");
                await client.DefineAsync(Definitions.CronTab("restart.example.com"));
                (await client.SendAsync(
                    HttpMethod.Post, "/apis/restart.example.com/v1/namespaces/default/crontabs", """{"metadata":{"name":"a"},"spec":{"cronSpec":"* * * * *"}}""")).Expect(201);
            }

            await using var second = await TestApiServer.StartAsync(options => options with { EmbeddedStore = store });
            var again = new ApiClient(second.Client, "default");
            Assert.Equal("nginx", (await again.GetAsync("/apis/restart.example.com/v1/namespaces/default/crontabs/a")).Expect(200).Json.StringAt("spec", "image"));
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Definition_OfHalfAMegabyte_IsTakenAndUsedFast()
    {
        var client = await fixture.CreateNamespaceAsync();
        var definition = Definitions.CronTab("large.example.com", Large(700).ToJsonString());
        var size = definition.ToJsonString().Length;
        var started = TimeProvider.System.GetTimestamp();

        await client.DefineAsync(definition);
        (await client.SendAsync(
            HttpMethod.Post, $"/apis/large.example.com/v1/namespaces/{client.Namespace}/crontabs", """{"metadata":{"name":"a"},"spec":{"f1":{"list":[{"name":"x"}]}}}""")).Expect(201);

        Assert.InRange(size, 500_000, 2_000_000);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"{TimeProvider.System.GetElapsedTime(started)}");
    }

    [Fact]
    public async Task Pattern_ThatBacktracksForEver_TakesBoundedTime()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(Definitions.CronTab(
            "regex.example.com", """{"type":"object","properties":{"spec":{"type":"string","pattern":"^(a+)+$"},"deep":{"type":"string","pattern":"^(.*a){20}$"}}}"""));
        var text = new string('a', 100_000) + "!";
        var started = TimeProvider.System.GetTimestamp();

        var answer = await client.SendAsync(
            HttpMethod.Post, $"/apis/regex.example.com/v1/namespaces/{client.Namespace}/crontabs", $$$"""{"metadata":{"name":"a"},"spec":"{{{text}}}","deep":"{{{text}}}"}""");

        answer.Expect(422);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"{TimeProvider.System.GetElapsedTime(started)}");
        var nested = await client.SendAsync(HttpMethod.Post, Definitions.Path, Definitions.CronTab(
            "nested.example.com", """{"type":"object","properties":{"spec":{"type":"string","pattern":"((a{1,100}){1,100}){1,100}"}}}""").ToJsonString());
        Assert.Contains("invalid repeat count", nested.Expect(422).Message, StringComparison.Ordinal);
    }

    private static JsonObject Large(int fields) => Definitions.Parse($$"""
        { "type": "object", "properties": { "spec": { "type": "object", "properties": { {{string.Join(',', Enumerable.Range(0, fields).Select(i => $$"""
            "f{{i}}": { "type": "object", "description": "{{new string('d', 500)}}", "properties": { "list": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
              "items": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "minLength": 1 }, "value": { "type": "string", "default": "v" } } } } } }
            """))}} } } } }
        """);

    private static JsonObject TwoVersions(string group)
    {
        var definition = Definitions.CronTab(group);
        definition["spec"]!["versions"] = JsonNode.Parse("""
            [
              { "name": "v1beta1", "served": true, "storage": true, "deprecated": true, "schema": { "openAPIV3Schema": { "type": "object", "properties": {
                "spec": { "type": "object", "properties": { "cronSpec": { "type": "string" } } } } } } },
              { "name": "v1", "served": true, "storage": false, "schema": { "openAPIV3Schema": { "type": "object", "properties": {
                "spec": { "type": "object", "properties": { "cronSpec": { "type": "string" }, "only": { "type": "string" } } } } } } }
            ]
            """);
        return definition;
    }
}
