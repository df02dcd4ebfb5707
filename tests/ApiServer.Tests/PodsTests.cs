using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class PodsTests(ServerFixture fixture)
{
    public static async Task<ApiAnswer> CreatePodAsync(ApiClient client, string name, string metadata = "") =>
        (await client.CreateAsync("pods", $$$"""{"metadata":{"name":"{{{name}}}"{{{metadata}}} },"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Expect(201);

    public static Task<ApiAnswer> BindAsync(ApiClient client, string name, string node) => client.SendAsync(
        HttpMethod.Post,
        client.Core($"pods/{name}/binding"),
        $$$"""{"kind":"Binding","apiVersion":"v1","metadata":{"name":"{{{name}}}"},"target":{"kind":"Node","name":"{{{node}}}"}}""");

    [Fact]
    public async Task Binding_NewPod_GetsItsNodeAndCondition()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreatePodAsync(client, "p");

        var answer = (await BindAsync(client, "p", "node1")).Expect(201);
        var pod = await client.GetAsync(client.Core("pods/p"));

        Assert.Equal("Success", answer.Json.StringAt("status"));
        Assert.Equal("node1", pod.Json.StringAt("spec", "nodeName"));
        Assert.Contains(
            pod.Json.ObjectsAt("status", "conditions"),
            condition => condition.StringAt("type") == "PodScheduled" && condition.StringAt("status") == "True");
    }

    [Fact]
    public async Task Binding_PostedToTheNamespace_BindsThePodItNames()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreatePodAsync(client, "p");

        var answer = (await client.CreateAsync("bindings", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"node1"}}""")).Expect(201);

        Assert.Equal("Success", answer.Json.StringAt("status"));
        Assert.Equal("node1", (await client.GetAsync(client.Core("pods/p"))).Json.StringAt("spec", "nodeName"));
        (await client.CreateAsync("bindings", """{"metadata":{"name":"nosuch"},"target":{"kind":"Node","name":"node1"}}""")).Expect(404);
        (await client.CreateAsync("bindings", """{"target":{"kind":"Node","name":"node1"}}""")).Expect(400);
        (await client.GetAsync(client.Core("bindings"))).Expect(405);
    }

    [Fact]
    public async Task ComponentStatus_OfEachPart_SaysWhetherItAnswers()
    {
        var client = await fixture.CreateNamespaceAsync();

        var list = (await client.GetAsync("/api/v1/componentstatuses")).Expect(200).Json;
        var store = (await client.GetAsync("/api/v1/componentstatuses/etcd-0")).Expect(200).Json;

        Assert.Equal("ComponentStatusList", list.StringAt("kind"));
        Assert.Equal(["scheduler", "controller-manager", "etcd-0"], list.ObjectsAt("items").Select(item => item.StringAt("metadata", "name")));
        Assert.Equal("""[{"type":"Healthy","status":"True","message":"ok"}]""", store["conditions"]?.ToJsonString());
        (await client.GetAsync("/api/v1/componentstatuses/nosuch")).Expect(404);
        (await client.SendAsync(HttpMethod.Post, "/api/v1/componentstatuses", "{}")).Expect(405);
    }

    [Fact]
    public async Task Binding_BoundPod_Conflicts()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreatePodAsync(client, "p");
        await BindAsync(client, "p", "node1");

        var answer = await BindAsync(client, "p", "node2");

        Assert.Equal(
            "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"node1\"", answer.Expect(409).Message);
    }

    [Fact]
    public async Task List_NodeName_FindsPodsOfThatNode()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreatePodAsync(client, "a");
        await CreatePodAsync(client, "b");
        await BindAsync(client, "b", $"node-of-{client.Namespace}");

        var bound = await client.GetAsync($"/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-of-{client.Namespace}");
        var unbound = await client.GetAsync(client.Core("pods?fieldSelector=spec.nodeName%3D"));

        Assert.Equal(["b"], bound.Expect(200).Names);
        Assert.Equal(["a"], unbound.Expect(200).Names);
    }

    [Fact]
    public async Task Watch_NodeName_SeesThePodComeAndGo()
    {
        var client = await fixture.CreateNamespaceAsync();
        var list = await client.GetAsync(client.Core("pods"));
        var selector = $"fieldSelector=spec.nodeName%3D&watch=1&resourceVersion={list.ResourceVersion}";
        using var watch = await client.WatchAsync(client.Core($"pods?{selector}"));

        await CreatePodAsync(client, "p");
        await BindAsync(client, "p", "node1");

        Assert.Equal("ADDED p", await watch.NextNameAsync());
        Assert.Equal("DELETED p", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Status_Patch_ChangesOnlyTheStatus()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreatePodAsync(client, "p");

        var answer = await client.SendAsync(
            HttpMethod.Patch,
            client.Core("pods/p/status"),
            """{"spec":{"nodeName":"x"},"status":{"phase":"Running"}}""",
            "application/strategic-merge-patch+json");

        Assert.Equal("Running", answer.Expect(200).Json.StringAt("status", "phase"));
        Assert.Null(answer.Json.StringAt("spec", "nodeName"));
    }

    [Fact]
    public async Task Update_OfTheObject_KeepsItsStatus()
    {
        var client = await fixture.CreateNamespaceAsync();
        var pod = (await CreatePodAsync(client, "p")).Json;
        pod["status"] = new JsonObject { ["phase"] = "Running" };

        var answer = await client.SendAsync(HttpMethod.Put, client.Core("pods/p"), pod.ToJsonString());

        Assert.Equal("Pending", answer.Expect(200).Json.StringAt("status", "phase"));
    }

    [Fact]
    public async Task Log_UnscheduledPod_IsABadRequest()
    {
        var client = await fixture.CreateNamespaceAsync();
        await CreatePodAsync(client, "p");

        var answer = await client.GetAsync(client.Core("pods/p/log"));

        Assert.Equal("pod p does not have a host assigned", answer.Expect(400).Message);
    }

    [Fact]
    public async Task Scale_Patch_ChangesReplicas()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.CreateAsync(
            "replicationcontrollers",
            """{"metadata":{"name":"rc"},"spec":{"replicas":1,"selector":{"a":"b"},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"""))
            .Expect(201);

        var scale = await client.SendAsync(
            HttpMethod.Patch, client.Core("replicationcontrollers/rc/scale"), """{"spec":{"replicas":3}}""", "application/merge-patch+json");
        var put = await client.SendAsync(HttpMethod.Put, client.Core("replicationcontrollers/rc/scale"), scale.Json.ToJsonString().Replace("\"replicas\":3", "\"replicas\":4", StringComparison.Ordinal), contentType: "");
        var rc = await client.GetAsync(client.Core("replicationcontrollers/rc"));

        Assert.Equal("a=b", scale.Expect(200).Json.StringAt("status", "selector"));
        Assert.Equal(4, put.Expect(200).Json.IntegerAt("spec", "replicas"));
        Assert.Equal(4, rc.Json.IntegerAt("spec", "replicas"));
        Assert.Equal(3, rc.Json.IntegerAt("metadata", "generation"));
    }
}
