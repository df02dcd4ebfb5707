using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

using Microsoft.Extensions.Time.Testing;

namespace MiniKube.ApiServer.Tests.Usage;

/// <summary>metrics.k8s.io as metrics-server serves it, of what a kubelet says.</summary>
public sealed class UsageTests : IAsyncLifetime
{
    private const string Group = "/apis/metrics.k8s.io/v1beta1";
    private const string Pods = $"{Group}/namespaces/default/pods";
    private const string AsTable = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private const string Summary = """
        {"node":{"nodeName":"one","startTime":"2026-03-01T10:00:00Z","cpu":{"time":"2026-03-01T10:01:00Z","usageNanoCores":1500000000},"memory":{"workingSetBytes":2097152}},
         "pods":[
          {"podRef":{"name":"web","namespace":"default"},"containers":[
            {"name":"app","startTime":"2026-03-01T10:00:30Z","cpu":{"time":"2026-03-01T10:01:00Z","usageNanoCores":123456789},"memory":{"workingSetBytes":1263616}},
            {"name":"side","startTime":"2026-03-01T10:00:40Z","cpu":{"time":"2026-03-01T10:01:00Z","usageNanoCores":1},"memory":{"workingSetBytes":1025}}]},
          {"podRef":{"name":"half","namespace":"default"},"containers":[
            {"name":"app","startTime":"2026-03-01T10:00:30Z","cpu":{"time":"2026-03-01T10:01:00Z","usageNanoCores":1},"memory":{"workingSetBytes":1024}},
            {"name":"side","startTime":"2026-03-01T10:00:40Z"}]},
          {"podRef":{"name":"empty","namespace":"default"},"containers":[]},
          {"podRef":{"name":"done","namespace":"default"},"containers":[
            {"name":"app","startTime":"2026-03-01T10:00:30Z","cpu":{"time":"2026-03-01T10:01:00Z","usageNanoCores":1},"memory":{"workingSetBytes":1024}}]}]}
        """;

    private readonly FakeKubelet _kubelet = new() { Says = Summary };
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private TestApiServer? _server;
    private ApiClient? _client;

    private ApiClient Client => _client ?? throw new InvalidOperationException("The server has not started.");

    public async ValueTask InitializeAsync()
    {
        _server = await TestApiServer.StartAsync(clock: _clock);
        _client = new ApiClient(_server.Client, "default");
        await CreateNodeAsync("one", _kubelet.Port);
        await CreatePodAsync("web", "one", "Running", "web");
        await CreatePodAsync("half", "one", "Running", "half");
        await CreatePodAsync("empty", "one", "Running", "empty");
        await CreatePodAsync("silent", "one", "Running", "silent");
        await CreatePodAsync("done", "one", "Succeeded", "done");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _kubelet.DisposeAsync();
    }

    [Fact]
    public async Task Pod_IsEachOfItsContainers()
    {
        var answer = (await Client.GetAsync($"{Pods}/web")).Expect(200);

        Assert.Equal("GET /stats/summary?only_cpu_and_memory=true HTTP/1.1", _kubelet.LastRequest);
        Assert.Matches(
            """^\{"kind":"PodMetrics","apiVersion":"metrics.k8s.io/v1beta1","metadata":\{"name":"web","namespace":"default",.*"creationTimestamp":"[^"]+","labels":\{"app":"web"\}\},"timestamp":"2026-03-01T10:01:00Z","window":"30s","containers":\[\{"name":"app","usage":\{"cpu":"123456789n","memory":"1234Ki"\}\},\{"name":"side","usage":\{"cpu":"1n","memory":"1025"\}\}\]\}\s*$""",
            answer.Text);
    }

    [Fact]
    public async Task Node_IsTheWholeMachine()
    {
        var node = (await Client.GetAsync($"{Group}/nodes/one")).Expect(200).Json;

        Assert.Equal("NodeMetrics", node.StringAt("kind"));
        Assert.Equal("1m0s", node.StringAt("window"));
        Assert.Equal("""{"cpu":"1500m","memory":"2Mi"}""", node["usage"]!.ToJsonString());
    }

    [Fact]
    public async Task List_LeavesOutWhatThereAreNoFiguresOf()
    {
        var list = (await Client.GetAsync($"{Group}/pods")).Expect(200);

        Assert.Equal("PodMetricsList", list.Json.StringAt("kind"));
        Assert.Equal(["web"], list.Names);
        Assert.False(list.Json.ObjectsAt("items").Single().ContainsKey("kind"));
    }

    [Fact]
    public async Task Pod_WithoutFigures_IsNotFound()
    {
        foreach (var name in new[] { "half", "empty", "silent", "done" })
        {
            Assert.Equal($"pods.metrics.k8s.io \"default/{name}\" not found", (await Client.GetAsync($"{Pods}/{name}")).Expect(404).Message);
        }

        Assert.Equal("pods \"nosuch\" not found", (await Client.GetAsync($"{Pods}/nosuch")).Expect(404).Message);
    }

    [Fact]
    public async Task Node_WhoseKubeletDoesNotAnswer_IsLeftOut()
    {
        await CreateNodeAsync("refusing", 1);
        await CreateNodeAsync("unknown", null);

        Assert.Equal(["one"], (await Client.GetAsync($"{Group}/nodes")).Expect(200).Names);
        Assert.Equal("nodes.metrics.k8s.io \"refusing\" not found", (await Client.GetAsync($"{Group}/nodes/refusing")).Expect(404).Message);
        Assert.Equal("nodes \"nosuch\" not found", (await Client.GetAsync($"{Group}/nodes/nosuch")).Expect(404).Message);
    }

    [Theory]
    [InlineData("403 Forbidden", "{}")]
    [InlineData("200 OK", "no JSON")]
    [InlineData("200 OK", "{\"node\":[],\"pods\":{}}")]
    [InlineData("302 Found\r\nLocation: https://127.0.0.1:1/", "")]
    public async Task Kubelet_ThatAnswersOtherwise_IsAsOneThatDoesNot(string status, string says)
    {
        (_kubelet.Status, _kubelet.Says) = (status, says);

        Assert.Empty((await Client.GetAsync($"{Group}/nodes")).Expect(200).Names);
        Assert.Equal(1, _kubelet.Asked);
    }

    [Fact]
    public async Task Selectors_ChooseAmongThePods()
    {
        foreach (var query in new[] { "labelSelector=app%3Dweb", "fieldSelector=metadata.name%3Dweb", "fieldSelector=metadata.namespace%3Ddefault" })
        {
            Assert.Equal(["web"], (await Client.GetAsync($"{Group}/pods?{query}")).Expect(200).Names);
        }

        foreach (var query in new[] { "labelSelector=app%3Dother", "fieldSelector=metadata.name%3Dhalf", "fieldSelector=metadata.namespace!%3Ddefault" })
        {
            Assert.Empty((await Client.GetAsync($"{Group}/pods?{query}")).Expect(200).Names);
        }
    }

    [Fact]
    public async Task Burst_AsksAKubeletOnce_AndAnAnswerIsKeptForSeconds()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Client.GetAsync(i % 2 == 0 ? $"{Group}/nodes" : $"{Group}/pods")));
        Assert.Equal(1, _kubelet.Asked);

        _kubelet.Says = Summary.Replace("2026-03-01T10:01:00Z", "2026-03-01T10:01:06Z", StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(6));

        // Both figures are means since the kubelet was asked before.
        Assert.Equal("6s", (await Client.GetAsync($"{Group}/nodes/one")).Expect(200).Json.StringAt("window"));
        Assert.Equal("6s", (await Client.GetAsync($"{Pods}/web")).Expect(200).Json.StringAt("window"));
        Assert.Equal(2, _kubelet.Asked);
    }

    [Fact]
    public async Task Table_HasTheColumnsOfMetricsServer()
    {
        var pods = (await Client.GetAsync(Pods, AsTable)).Expect(200).Json;
        var nodes = (await Client.GetAsync($"{Group}/nodes", AsTable)).Expect(200).Json;

        string[] columns = ["Name string name", "cpu string quantity", "memory string quantity", "Window string duration"];
        Assert.Equal(columns, pods.ObjectsAt("columnDefinitions").Select(column => $"{column["name"]} {column["type"]} {column["format"]}"));
        Assert.Equal("""["web","123456790n","1264641","30s"]""", Cells(pods));
        Assert.Equal("""["one","1500m","2Mi","1m0s"]""", Cells(nodes));

        static string Cells(JsonObject table) => table.ObjectsAt("rows").Single()["cells"]!.ToJsonString();
    }

    [Fact]
    public async Task Group_IsDiscoveredAsOthers_AndOnlyRead()
    {
        var resources = (await Client.GetAsync(Group)).Expect(200).Json.ObjectsAt("resources");

        Assert.Equal(
            ["""{"name":"nodes","singularName":"","namespaced":false,"kind":"NodeMetrics","verbs":["get","list"]}""", """{"name":"pods","singularName":"","namespaced":true,"kind":"PodMetrics","verbs":["get","list"]}"""],
            resources.Select(resource => resource.ToJsonString()));
        (await Client.SendAsync(HttpMethod.Post, Pods, "{}")).Expect(405);
        (await Client.SendAsync(HttpMethod.Delete, $"{Pods}/web")).Expect(405);
        (await Client.GetAsync($"{Group}/pods?watch=1")).Expect(405);
        await Eventually.GetAsync(
            _ =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Client.GetAsync("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io");
            },
            answer => answer.Status == 200,
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);
    }

    private async Task CreateNodeAsync(string name, int? port)
    {
        (await Client.SendAsync(HttpMethod.Post, "/api/v1/nodes", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        if (port is not null)
        {
            await PatchStatusAsync(
                $"/api/v1/nodes/{name}", $$$"""{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":{{{port}}} } } }""");
        }
    }

    private async Task CreatePodAsync(string name, string node, string phase, string app)
    {
        (await Client.CreateAsync(
            "pods",
            $$$"""{"metadata":{"name":"{{{name}}}","labels":{"app":"{{{app}}}"} },"spec":{"nodeName":"{{{node}}}","containers":[{"name":"app","image":"i"}]}}""")).Expect(201);
        await PatchStatusAsync(Client.Core($"pods/{name}"), $$"""{"phase":"{{phase}}"}""");
    }

    private async Task PatchStatusAsync(string path, string status) =>
        (await Client.SendAsync(HttpMethod.Patch, $"{path}/status", $$"""{"status":{{status}}}""", "application/merge-patch+json")).Expect(200);
}
