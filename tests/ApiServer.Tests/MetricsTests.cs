using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests;

/// <summary>Upstream's stable metrics by name, type and labels. A server of its own: what is counted is what the test asks.</summary>
public sealed class MetricsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Requests_AreCountedByWhatTheyAskedFor()
    {
        await using var server = await TestApiServer.StartAsync();
        var client = new ApiClient(server.Client, "default");
        var deployments = "/apis/apps/v1/namespaces/default/deployments";
        (await client.GetAsync(deployments)).Expect(200);
        (await client.GetAsync("/apis/apps/v1/deployments")).Expect(200);
        (await client.GetAsync($"{deployments}/nosuch")).Expect(404);
        (await client.SendAsync(HttpMethod.Post, $"{deployments}?dryRun=All", "{")).Expect(400);
        (await client.SendAsync(HttpMethod.Post, $"{deployments}?dryRun=Some", "{}")).Expect(422);
        (await client.SendAsync(HttpMethod.Delete, $"{deployments}?labelSelector=nosuch")).Expect(200);
        (await client.GetAsync($"{deployments}/nosuch/scale")).Expect(404);
        (await client.SendAsync(
            HttpMethod.Patch, $"{deployments}/nosuch", "{}", "application/merge-patch+json")).Expect(404);
        (await client.SendAsync(
            HttpMethod.Patch, client.Core("configmaps/a?fieldManager=x"), """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""", "application/apply-patch+yaml")).Expect(201);
        (await client.GetAsync($"{deployments}?watch=1&timeoutSeconds=1")).Expect(200);
        (await client.GetAsync(client.Core("pods/nosuch/log"))).Expect(404);
        (await client.GetAsync(client.Core("endpoints"))).Expect(200);
        (await client.GetAsync("/readyz")).Expect(200);
        (await client.GetAsync("/apis/frob/v1/frobs")).Expect(404);

        var text = await ReadAsync(client);

        string[] requests =
        [
            """{code="200",component="apiserver",dry_run="",group="apps",resource="deployments",scope="namespace",subresource="",verb="LIST",version="v1"} 1""",
            """{code="200",component="apiserver",dry_run="",group="apps",resource="deployments",scope="cluster",subresource="",verb="LIST",version="v1"} 1""",
            """{code="404",component="apiserver",dry_run="",group="apps",resource="deployments",scope="resource",subresource="",verb="GET",version="v1"} 1""",
            """{code="400",component="apiserver",dry_run="All",group="apps",resource="deployments",scope="resource",subresource="",verb="POST",version="v1"} 1""",
            """{code="422",component="apiserver",dry_run="invalid",group="apps",resource="deployments",scope="resource",subresource="",verb="POST",version="v1"} 1""",
            """{code="200",component="apiserver",dry_run="",group="apps",resource="deployments",scope="namespace",subresource="",verb="DELETE",version="v1"} 1""",
            """{code="404",component="apiserver",dry_run="",group="apps",resource="deployments",scope="resource",subresource="scale",verb="GET",version="v1"} 1""",
            """{code="404",component="apiserver",dry_run="",group="apps",resource="deployments",scope="resource",subresource="",verb="PATCH",version="v1"} 1""",
            """{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="APPLY",version="v1"} 1""",
            """{code="200",component="apiserver",dry_run="",group="apps",resource="deployments",scope="namespace",subresource="",verb="WATCH",version="v1"} 1""",
            """{code="404",component="apiserver",dry_run="",group="",resource="pods",scope="resource",subresource="log",verb="CONNECT",version="v1"} 1""",
            """{code="200",component="apiserver",dry_run="",group="",resource="",scope="",subresource="/readyz",verb="GET",version=""} 1""",
        ];
        foreach (var request in requests)
        {
            Assert.Contains($"apiserver_request_total{request}\n", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("frob", text, StringComparison.Ordinal);
        Assert.Contains("""apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",group="apps",resource="deployments",scope="namespace",subresource="",verb="LIST",version="v1",le="60"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""apiserver_request_sli_duration_seconds_count{component="apiserver",group="apps",resource="deployments",scope="namespace",subresource="",verb="LIST",version="v1"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""apiserver_response_sizes_bucket{component="apiserver",group="apps",resource="deployments",scope="namespace",subresource="",verb="LIST",version="v1",le="1000"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_IsToldWhenAskedFor()
    {
        await using var server = await TestApiServer.StartAsync();
        var client = new ApiClient(server.Client, "default");
        await client.CreateConfigMapAsync("a");
        (await client.SendAsync(HttpMethod.Post, "/apis/apps/v1/namespaces/default/controllerrevisions", """{"metadata":{"name":"a"},"revision":1,"data":{}}""")).Expect(201);
        (await client.CreateAsync("configmaps", """{"metadata":{"name":"a","namespace":"default"}}""")).Expect(409);
        using var watch = await client.WatchAsync(client.Core("secrets?watch=1"));

        var text = await ReadAsync(client);

        Assert.Contains("apiserver_longrunning_requests{component=\"apiserver\",group=\"\",resource=\"secrets\",scope=\"namespace\",subresource=\"\",verb=\"WATCH\",version=\"v1\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_storage_objects{resource=\"controllerrevisions.apps\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_resource_objects{group=\"apps\",resource=\"controllerrevisions\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} ", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_current_inflight_requests{request_kind=\"readOnly\"} ", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_admission_controller_admission_duration_seconds_bucket{name=\"NamespaceLifecycle\",operation=\"CREATE\",rejected=\"false\",type=\"admit\",le=\"2.5\"} ", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_admission_step_admission_duration_seconds_count{operation=\"CREATE\",rejected=\"false\",type=\"validate\"} ", text, StringComparison.Ordinal);
        foreach (var (name, type) in (ReadOnlySpan<(string, string)>)
            [
                ("apiserver_request_total", "counter"), ("apiserver_request_duration_seconds", "histogram"), ("apiserver_response_sizes", "histogram"),
                ("apiserver_current_inflight_requests", "gauge"), ("apiserver_longrunning_requests", "gauge"), ("apiserver_storage_objects", "gauge"),
                ("apiserver_admission_step_admission_duration_seconds", "histogram"), ("apiserver_admission_controller_admission_duration_seconds", "histogram"),
                ("process_cpu_seconds_total", "counter"), ("process_resident_memory_bytes", "gauge"), ("process_start_time_seconds", "gauge"),
            ])
        {
            Assert.Contains($"# TYPE {name} {type}\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LongRunning_Watch_IsCountedOnlyWhileItLasts()
    {
        await using var server = await TestApiServer.StartAsync();
        var client = new ApiClient(server.Client, "default");
        const string Series = "apiserver_longrunning_requests{component=\"apiserver\",group=\"\",resource=\"secrets\",scope=\"namespace\",subresource=\"\",verb=\"WATCH\",version=\"v1\"}";
        var watch = await client.WatchAsync(client.Core("secrets?watch=1"));
        Assert.Contains($"{Series} 1\n", await ReadAsync(client), StringComparison.Ordinal);

        watch.Dispose();

        await Eventually.GetAsync(_ => ReadAsync(client), text => text.Contains($"{Series} 0\n", StringComparison.Ordinal), Patience, TestContext.Current.CancellationToken);
    }

    private static async Task<string> ReadAsync(ApiClient client) => (await client.GetAsync("/metrics")).Expect(200).Text;
}
