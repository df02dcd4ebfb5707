using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class DeletionTests(ServerFixture fixture)
{
    private const string MergePatch = "application/merge-patch+json";

    [Fact]
    public async Task Delete_WithFinalizer_MarksAndGoesWithTheLastFinalizer()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"finalizers\":[\"example.com/f\"]");
        var path = client.Core("configmaps/a");

        var marked = (await client.SendAsync(HttpMethod.Delete, path)).Expect(200);
        var stillThere = (await client.GetAsync(path)).Expect(200);
        (await client.SendAsync(HttpMethod.Patch, path, """{"metadata":{"finalizers":null}}""", MergePatch)).Expect(200);

        Assert.Equal("ConfigMap", marked.Json.StringAt("kind"));
        Assert.NotNull(stillThere.Json.StringAt("metadata", "deletionTimestamp"));
        Assert.Equal(0, stillThere.Json.IntegerAt("metadata", "deletionGracePeriodSeconds"));
        (await client.GetAsync(path)).Expect(404);
    }

    [Theory]
    [InlineData("Orphan", "orphan")]
    [InlineData("Foreground", "foregroundDeletion")]
    public async Task Delete_WithPolicy_SetsItsFinalizer(string policy, string finalizer)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"), $$"""{"propagationPolicy":"{{policy}}"}""");

        Assert.Equal($"[\"{finalizer}\"]", answer.Expect(200).Json.At("metadata", "finalizers")?.ToJsonString());
    }

    [Fact]
    public async Task Delete_WrongUid_Conflicts()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.SendAsync(HttpMethod.Delete, client.Core("configmaps/a"), """{"preconditions":{"uid":"other"}}""");

        Assert.StartsWith(
            "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does not match the UID in record (", answer.Expect(409).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_ScheduledPod_WaitsForTheKubelet()
    {
        var client = await fixture.CreateNamespaceAsync();
        await PodsTests.CreatePodAsync(client, "p");
        await PodsTests.BindAsync(client, "p", "node1");

        var marked = (await client.SendAsync(HttpMethod.Delete, client.Core("pods/p"))).Expect(200);
        var shortened = (await client.SendAsync(HttpMethod.Delete, client.Core("pods/p"), """{"gracePeriodSeconds":5}""")).Expect(200);
        var final = (await client.SendAsync(HttpMethod.Delete, client.Core("pods/p"), """{"gracePeriodSeconds":0}""")).Expect(200);

        Assert.Equal(30, marked.Json.IntegerAt("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal(5, shortened.Json.IntegerAt("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal("Pod", final.Json.StringAt("kind"));
        (await client.GetAsync(client.Core("pods/p"))).Expect(404);
    }

    [Fact]
    public async Task Delete_Namespace_TerminatesItAndTakesNoNewContent()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/api/v1/namespaces/{client.Namespace}";

        var marked = (await client.SendAsync(HttpMethod.Delete, path)).Expect(200);
        var refused = await client.CreateAsync("configmaps", """{"metadata":{"name":"a"}}""");
        var body = marked.Json;
        body["spec"] = new JsonObject();
        (await client.SendAsync(HttpMethod.Put, $"{path}/finalize", body.ToJsonString())).Expect(200);

        Assert.Equal("Terminating", marked.Json.StringAt("status", "phase"));
        Assert.Equal(
            $"configmaps \"a\" is forbidden: unable to create new content in namespace {client.Namespace} because it is being terminated",
            refused.Expect(403).Message);
        (await client.GetAsync(path)).Expect(404);
    }

    [Fact]
    public async Task DeleteCollection_Selector_DeletesOnlyWhatMatches()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"labels\":{\"x\":\"1\"}");
        await client.CreateConfigMapAsync("b");

        (await client.SendAsync(HttpMethod.Delete, client.Core("configmaps?labelSelector=x%3D1"))).Expect(200);

        Assert.Equal(["b"], (await client.GetAsync(client.Core("configmaps"))).Names);
    }
}
