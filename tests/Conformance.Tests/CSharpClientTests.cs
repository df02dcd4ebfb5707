using System.Net;
using System.Text.Json;

using k8s;
using k8s.Autorest;
using k8s.Models;

using MiniKube.Conformance.Tests.Matrix;

namespace MiniKube.Conformance.Tests;

/// <summary>The Kubernetes client for C#, unmodified: no Accept header, a charset in every Content-Type, /version/ with a slash at its end.</summary>
[Collection(MatrixCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class CSharpClientTests(MatrixCluster cluster) : IDisposable
{
    private readonly Kubernetes _client = cluster.CreateClient();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Version_WithASlashAtItsEnd_IsTheServers() => Assert.Equal("v1.34.0", (await _client.Version.GetCodeAsync(Cancellation)).GitVersion);

    [Fact]
    public async Task Objects_AreCreatedReadReplacedAndDeleted()
    {
        await using var ns = await cluster.CreateNamespaceAsync("csharp");

        var created = await CreateAsync(ns.Name, "one", "1");
        Assert.NotNull(created.Metadata.Uid);
        var replaced = await _client.CoreV1.ReplaceNamespacedConfigMapAsync(created with { Data = Data("2") }, "one", ns.Name, cancellationToken: Cancellation);
        Assert.Equal("2", (await _client.CoreV1.ReadNamespacedConfigMapAsync("one", ns.Name, cancellationToken: Cancellation)).Data["a"]);
        Assert.NotEqual(created.Metadata.ResourceVersion, replaced.Metadata.ResourceVersion);

        await FailsAsync(HttpStatusCode.Conflict, "Conflict", () => _client.CoreV1.ReplaceNamespacedConfigMapAsync(created, "one", ns.Name, cancellationToken: Cancellation));
        await FailsAsync(HttpStatusCode.Conflict, "AlreadyExists", () => CreateAsync(ns.Name, "one", "1"));
        await FailsAsync(HttpStatusCode.NotFound, "NotFound", () => _client.CoreV1.ReadNamespacedConfigMapAsync("nosuch", ns.Name, cancellationToken: Cancellation));

        Assert.Equal("Success", (await _client.CoreV1.DeleteNamespacedConfigMapAsync("one", ns.Name, cancellationToken: Cancellation)).Status);
        await FailsAsync(HttpStatusCode.NotFound, "NotFound", () => _client.CoreV1.DeleteNamespacedConfigMapAsync("one", ns.Name, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task DeleteCollection_WithASelector_LeavesTheOthers()
    {
        await using var ns = await cluster.CreateNamespaceAsync("csharp");
        await CreateAsync(ns.Name, "a", "1");
        await CreateAsync(ns.Name, "b", "1");
        await CreateAsync(ns.Name, "kept", "1", "other");

        await _client.CoreV1.DeleteCollectionNamespacedConfigMapAsync(ns.Name, labelSelector: "app=csharp", cancellationToken: Cancellation);

        var left = await _client.CoreV1.ListNamespacedConfigMapAsync(ns.Name, labelSelector: "app", cancellationToken: Cancellation);
        Assert.Equal(["kept"], left.Items.Select(item => item.Metadata.Name));
    }

    [Fact]
    public async Task Patch_OfEveryType_ChangesWhatItSays()
    {
        await using var ns = await cluster.CreateNamespaceAsync("csharp");
        await CreateAsync(ns.Name, "patched", "1");

        Assert.Equal("2", (await PatchAsync("""[{"op":"replace","path":"/data/a","value":"2"}]""", V1Patch.PatchType.JsonPatch))["a"]);
        Assert.Equal("3", (await PatchAsync("""{"data":{"b":"3"}}""", V1Patch.PatchType.MergePatch))["b"]);
        Assert.Equal(["a"], (await PatchAsync("""{"data":{"b":null}}""", V1Patch.PatchType.StrategicMergePatch)).Keys);
        var applied = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"patched"},"data":{"c":"4"}}""";
        Assert.Equal("4", (await PatchAsync(applied, V1Patch.PatchType.ApplyPatch, "tests"))["c"]);

        async Task<IDictionary<string, string>> PatchAsync(string body, V1Patch.PatchType type, string? manager = null) =>
            (await _client.CoreV1.PatchNamespacedConfigMapAsync(
                new V1Patch(body, type), "patched", ns.Name, fieldManager: manager, cancellationToken: Cancellation)).Data;
    }

    [Fact]
    public async Task GenericClient_AndCustomObjects_WorkOnAnyKind()
    {
        await using var ns = await cluster.CreateNamespaceAsync("csharp");
        using var leases = new GenericClient(_client, "coordination.k8s.io", "v1", "leases", disposeClient: false);

        await leases.CreateNamespacedAsync(
            new V1Lease { ApiVersion = "coordination.k8s.io/v1", Kind = "Lease", Metadata = new V1ObjectMeta { Name = "mine" }, Spec = new V1LeaseSpec { HolderIdentity = "me" } }, ns.Name, Cancellation);
        Assert.Equal("me", (await leases.ReadNamespacedAsync<V1Lease>(ns.Name, "mine", Cancellation)).Spec.HolderIdentity);

        var listed = await _client.CustomObjects.ListNamespacedCustomObjectAsync<V1LeaseList>("coordination.k8s.io", "v1", ns.Name, "leases", cancellationToken: Cancellation);
        Assert.Equal("mine", Assert.Single(listed.Items).Metadata.Name);
        var custom = (JsonElement)await _client.CustomObjects.GetNamespacedCustomObjectAsync("coordination.k8s.io", "v1", ns.Name, "leases", "mine", Cancellation);
        Assert.Equal("Lease", custom.GetProperty("kind").GetString());
        await leases.DeleteNamespacedAsync<V1Lease>(ns.Name, "mine", Cancellation);
    }

    [Fact]
    public async Task Watch_FromTheVersionOfAList_ThenAcrossARestart_SeesEveryChange()
    {
        await using var ns = await cluster.CreateNamespaceAsync("csharp");
        await CreateAsync(ns.Name, "before", "1");
        var list = await _client.CoreV1.ListNamespacedConfigMapAsync(ns.Name, cancellationToken: Cancellation);

        await CreateAsync(ns.Name, "during", "1");
        var (type, seen) = await NextAsync(ns.Name, list.Metadata.ResourceVersion);
        Assert.Equal((WatchEventType.Added, "during"), (type, seen.Metadata.Name));

        // Where the last watch stood is remembered by the server that comes after.
        await cluster.RestartControlPlaneAsync();
        await CreateAsync(ns.Name, "after", "1");
        (type, seen) = await NextAsync(ns.Name, seen.Metadata.ResourceVersion);
        Assert.Equal((WatchEventType.Added, "after"), (type, seen.Metadata.Name));
    }

    private static Dictionary<string, string> Data(string a) => new() { ["a"] = a };

    private static async Task FailsAsync(HttpStatusCode code, string reason, Func<Task> request)
    {
        var exception = await Assert.ThrowsAsync<HttpOperationException>(request);
        Assert.Equal(code, exception.Response.StatusCode);
        Assert.Equal(reason, KubernetesJson.Deserialize<V1Status>(exception.Response.Content).Reason);
    }

    private Task<V1ConfigMap> CreateAsync(string ns, string name, string a, string app = "csharp") => _client.CoreV1.CreateNamespacedConfigMapAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["app"] = app } }, Data = Data(a) },
        ns,
        cancellationToken: Cancellation);

    /// <summary>The first event of a watch that begins after that version.</summary>
    private async Task<(WatchEventType Type, V1ConfigMap Object)> NextAsync(string ns, string version)
    {
        await foreach (var change in _client.CoreV1.WatchListNamespacedConfigMapAsync(ns, resourceVersion: version, cancellationToken: Cancellation))
        {
            return change;
        }

        throw new InvalidOperationException("The watch ended without an event.");
    }
}
