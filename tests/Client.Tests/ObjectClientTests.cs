using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.TestSupport;

namespace MiniKube.Client.Tests;

public sealed class ObjectClientTests : IAsyncLifetime
{
    private static readonly NamespacedName Key = new("default", "settings");

    private TestApiServer _server = null!;
    private ApiConnection _connection = null!;
    private ObjectClient _client = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestApiServer.StartAsync();
        _connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = _server.Kubeconfig, Component = "test" });
        _client = new ObjectClient(_connection, null, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Verbs_OfOneObject_DoWhatTheySay()
    {
        var created = await _client.CreateAsync(ConfigMap("a"), Cancelled);
        var updated = await _client.UpdateAsync(created with { Data = new Dictionary<string, string> { ["key"] = "b" } }, Cancelled);
        var patched = await _client.PatchAsync<V1ConfigMap>(
            Key, new V1Patch(new { data = new { other = "c" } }, V1Patch.PatchType.MergePatch), null, Cancelled);

        Assert.NotEqual(created.Metadata.ResourceVersion, updated.Metadata.ResourceVersion);
        Assert.Equal(("b", "c"), (patched.Data["key"], patched.Data["other"]));
        Assert.Equal("c", (await _client.GetAsync<V1ConfigMap>(Key, Cancelled)).Data["other"]);

        await _client.DeleteAsync<V1ConfigMap>(Key, null, Cancelled);
        var missing = await Assert.ThrowsAsync<StatusException>(() => _client.GetAsync<V1ConfigMap>(Key, Cancelled));
        Assert.Equal((404, "NotFound", "configmaps \"settings\" not found"), (missing.Code, missing.Reason, missing.Message));
    }

    [Fact]
    public async Task Update_FromAnOldVersion_IsAConflict()
    {
        var old = await _client.CreateAsync(ConfigMap("a"), Cancelled);
        await _client.UpdateAsync(old with { Data = new Dictionary<string, string> { ["key"] = "b" } }, Cancelled);

        var conflict = await Assert.ThrowsAsync<StatusException>(
            () => _client.UpdateAsync(old with { Data = new Dictionary<string, string> { ["key"] = "c" } }, Cancelled));

        Assert.Equal((409, "Conflict"), (conflict.Code, conflict.Reason));
    }

    [Fact]
    public async Task Watch_FromAList_TellsEveryChangeAfterIt()
    {
        var list = await _client.ListAsync<V1ConfigMap>(new ListQuery("default"), Cancelled);
        var created = await _client.CreateAsync(ConfigMap("a"), Cancelled);
        await _client.UpdateAsync(created with { Data = new Dictionary<string, string> { ["key"] = "b" } }, Cancelled);
        await _client.DeleteAsync<V1ConfigMap>(Key, null, Cancelled);

        var told = new List<WatchEventType>();
        await foreach (var change in _client.WatchAsync<V1ConfigMap>(new ListQuery("default", ResourceVersion: list.ResourceVersion), Cancelled))
        {
            told.Add(change.Type);
            if (told.Count == 3)
            {
                break;
            }
        }

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], told);
    }

    [Fact]
    public async Task List_InPages_HasEveryObjectOnce()
    {
        for (var i = 0; i < 5; i++)
        {
            await _client.CreateAsync(ConfigMap("a", $"page-{i}"), Cancelled);
        }

        var names = new List<string>();
        var query = new ListQuery("default", Limit: 2, LabelSelector: "app=web");
        do
        {
            var page = await _client.ListAsync<V1ConfigMap>(query, Cancelled);
            names.AddRange(page.Items.Select(item => item.Metadata.Name));
            query = query with { Continue = page.Continue };
        }
        while (query.Continue.Length > 0);

        Assert.Equal(["page-0", "page-1", "page-2", "page-3", "page-4"], names);
    }

    private static V1ConfigMap ConfigMap(string value, string name = "settings") => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Labels = new Dictionary<string, string> { ["app"] = "web" } },
        Data = new Dictionary<string, string> { ["key"] = value },
    };
}
