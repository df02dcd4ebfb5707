using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.CustomResources;

[Collection(ServerCollection.Name)]
public sealed class LifecycleTests(ServerFixture fixture)
{
    [Fact]
    public async Task Definition_Created_IsEstablishedAndServedAtOnce()
    {
        var client = await fixture.CreateNamespaceAsync();
        var created = await client.DefineAsync(Definitions.CronTab("life1.example.com"));

        var path = $"/apis/life1.example.com/v1/namespaces/{client.Namespace}/crontabs";
        var answer = (await client.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"a"},"spec":{"cronSpec":"* * * * */5"}}""")).Expect(201);

        Assert.Equal(["v1"], ((System.Text.Json.Nodes.JsonArray)created.Json.At("status", "storedVersions")!).Select(v => v!.GetValue<string>()));
        Assert.Equal("CronTabList", created.Json.StringAt("spec", "names", "listKind"));
        Assert.Equal("crontab", created.Json.StringAt("spec", "names", "singular"));
        Assert.Equal("None", created.Json.StringAt("spec", "conversion", "strategy"));
        Assert.Equal("life1.example.com/v1", answer.Json.StringAt("apiVersion"));
        Assert.Equal("CronTab", answer.Json.StringAt("kind"));
        Assert.Equal("nginx", answer.Json.StringAt("spec", "image"));
        Assert.Equal(1, answer.Json.IntegerAt("metadata", "generation"));
    }

    [Fact]
    public async Task Definition_Established_SaysWhy()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(Definitions.CronTab("life2.example.com"));

        var status = (await client.GetAsync($"{Definitions.Path}/crontabs.life2.example.com")).Json.ObjectAt("status");

        Assert.Equal(
            ["NamesAccepted True NoConflicts no conflicts found", "Established True InitialNamesAccepted the initial names have been accepted"],
            status.ObjectsAt("conditions").Select(c => $"{c.StringAt("type")} {c.StringAt("status")} {c.StringAt("reason")} {c.StringAt("message")}"));
        Assert.Equal("crontabs", status.StringAt("acceptedNames", "plural"));
    }

    [Fact]
    public async Task Definition_TakenName_IsNotEstablishedUntilItIsFree()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(Definitions.CronTab("life3.example.com"));
        var other = Definitions.CronTab("life3.example.com");
        other["metadata"]!["name"] = "cronjobs.life3.example.com";
        other["spec"]!["names"] = Definitions.Parse("""{"plural":"cronjobs","kind":"CronTab","shortNames":["ct"]}""");

        (await client.SendAsync(HttpMethod.Post, Definitions.Path, other.ToJsonString())).Expect(201);
        var refused = (await client.WaitAsync(
            $"{Definitions.Path}/cronjobs.life3.example.com", answer => Definitions.HasCondition(answer.Json, "NamesAccepted", "False"))).Json;
        var missing = await client.GetAsync("/apis/life3.example.com/v1/cronjobs");
        (await client.SendAsync(HttpMethod.Delete, $"{Definitions.Path}/crontabs.life3.example.com")).Expect(200);
        await client.WaitEstablishedAsync("cronjobs.life3.example.com");

        var names = refused.ObjectsAt("status", "conditions").First();
        Assert.Equal("ListKindConflict", names.StringAt("reason"));
        Assert.Equal("\"CronTabList\" is already in use", names.StringAt("message"));
        Assert.True(Definitions.HasCondition(refused, "Established", "False"));
        Assert.Equal(404, missing.Status);
        (await client.GetAsync("/apis/life3.example.com/v1/cronjobs")).Expect(200);
    }

    [Fact]
    public async Task Delete_DefinitionWithObjects_DeletesThemAndEndsWatches()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(Definitions.CronTab("life4.example.com"));
        var path = $"/apis/life4.example.com/v1/namespaces/{client.Namespace}/crontabs";
        (await client.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"a"},"spec":{"cronSpec":"* * * * *"}}""")).Expect(201);
        (await client.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"b","finalizers":["example.com/held"]},"spec":{"cronSpec":"* * * * *"}}""")).Expect(201);
        using var watch = await client.WatchAsync($"{path}?watch=true");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("ADDED b", await watch.NextNameAsync());

        var deleted = (await client.SendAsync(HttpMethod.Delete, $"{Definitions.Path}/crontabs.life4.example.com")).Expect(200);
        
        await client.WaitAsync($"{path}/a", answer => answer.Status == 404);
        var refused = await client.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"c"},"spec":{"cronSpec":"* * * * *"}}""");
        (await client.SendAsync(HttpMethod.Patch, $"{path}/b", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json")).Expect(200);
        await client.WaitAsync($"{Definitions.Path}/crontabs.life4.example.com", answer => answer.Status == 404);

        Assert.Equal("CustomResourceDefinition", deleted.Json.StringAt("kind"));
        Assert.True(Definitions.HasCondition(deleted.Json, "Terminating", "True"));
        Assert.Equal("create not allowed while custom resource definition is terminating", refused.Expect(405).Message);
        (await client.GetAsync(path)).Expect(404);
        while (await watch.NextAsync() is not null)
        {
        }
    }

    [Fact]
    public async Task Discovery_NewDefinition_TellsOfItAtOnce()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(Definitions.CronTab("life5.example.com", version: ""","subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas"}}"""));

        var list = (await client.GetAsync("/apis/life5.example.com/v1")).Expect(200).Json;
        var groups = (await client.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")).Json;

        Assert.Equal(["crontabs", "crontabs/status", "crontabs/scale"], list.ObjectsAt("resources").Select(resource => resource.StringAt("name")));
        var resource = list.ObjectsAt("resources").First();
        Assert.Equal("""["delete","deletecollection","get","list","patch","create","update","watch"]""", resource["verbs"]!.ToJsonString());
        Assert.Equal("""["ct"]""", resource["shortNames"]!.ToJsonString());
        Assert.Equal("""["all"]""", resource["categories"]!.ToJsonString());
        Assert.Equal("crontab", resource.StringAt("singularName"));
        Assert.Contains("life5.example.com", groups.ObjectsAt("items").Select(item => item.StringAt("metadata", "name")));
    }

    [Fact]
    public async Task OpenApi_NewDefinition_IsInBothDocuments()
    {
        var client = await fixture.CreateNamespaceAsync();
        var before = (await client.GetAsync("/openapi/v3")).Json;
        await client.DefineAsync(Definitions.CronTab("life6.example.com"));

        var index = (await client.GetAsync("/openapi/v3")).Json;
        var v3 = (await client.GetAsync("/openapi/v3/apis/life6.example.com/v1")).Expect(200).Json;
        var v2 = (await client.GetAsync("/openapi/v2")).Expect(200).Json;

        Assert.Null(before.At("paths", "apis/life6.example.com/v1"));
        Assert.NotNull(index.At("paths", "apis/life6.example.com/v1"));
        Assert.Equal(before.At("paths", "apis/apps/v1")!.ToJsonString(), index.At("paths", "apis/apps/v1")!.ToJsonString());
        var schema = v3.ObjectAt("components", "schemas", "com.example.life6.v1.CronTab");
        Assert.Equal("nginx", schema.StringAt("properties", "spec", "properties", "image", "default"));
        Assert.Equal("CronTab", schema.ObjectsAt("x-kubernetes-group-version-kind").Single().StringAt("kind"));
        Assert.StartsWith("Standard object's metadata.", schema.StringAt("properties", "metadata", "description"), StringComparison.Ordinal);
        Assert.NotNull(v3.At("paths", "/apis/life6.example.com/v1/namespaces/{namespace}/crontabs/{name}", "patch"));
        var old = v2.ObjectAt("definitions", "com.example.life6.v1.CronTab", "properties", "spec", "properties", "image");
        Assert.Equal("""{"type":"string"}""", old!.ToJsonString());
        Assert.NotNull(v2.At("definitions", "com.example.life6.v1.CronTabList"));
    }
}
