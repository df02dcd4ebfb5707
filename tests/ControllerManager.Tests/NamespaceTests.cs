using k8s.Models;

namespace MiniKube.ControllerManager.Tests;

public sealed class NamespaceTests
{
    [Fact]
    public async Task NewNamespace_GetsTheDefaultServiceAccount_AndAgainWhenItIsDeleted()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(New("team"));
        var first = await cluster.EventuallyAsync<V1ServiceAccount>("default", account => account is not null, "team");

        await cluster.DeleteAsync<V1ServiceAccount>("default", ns: "team");

        await cluster.EventuallyAsync<V1ServiceAccount>("default", account => account is not null && account.Metadata.Uid != first?.Metadata.Uid, "team");
    }

    [Fact]
    public async Task Delete_EmptiesTheNamespaceAndLetsItGo()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(New("team"));
        await cluster.CreateAsync(ConfigMap());

        await cluster.DeleteAsync<V1Namespace>("team", ns: "");

        await cluster.EventuallyAsync<V1Namespace>("team", found => found is null, "");
    }

    [Fact]
    public async Task Delete_OfContentWithAFinalizer_SaysWhatIsLeft()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(New("team"));
        var held = ConfigMap();
        held.Metadata.Finalizers = ["example.com/hold"];
        await cluster.CreateAsync(held);

        await cluster.DeleteAsync<V1Namespace>("team", ns: "");

        var found = await cluster.EventuallyAsync<V1Namespace>("team", found => Message(found, "NamespaceContentRemaining") is not null, "");
        Assert.Equal("Some resources are remaining: configmaps. has 1 resource instances", Message(found, "NamespaceContentRemaining"));
        Assert.Equal(
            "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances", Message(found, "NamespaceFinalizersRemaining"));

        await cluster.PatchAsync<V1ConfigMap>("settings", new { metadata = new { finalizers = Array.Empty<string>() } }, ns: "team");
        await cluster.EventuallyAsync<V1Namespace>("team", found => found is null, "");
    }

    private static V1Namespace New(string name) => new() { ApiVersion = "v1", Kind = "Namespace", Metadata = new V1ObjectMeta { Name = name } };

    private static V1ConfigMap ConfigMap() => new() { ApiVersion = "v1", Kind = "ConfigMap", Metadata = Objects.Meta("settings", "team") };

    private static string? Message(V1Namespace? found, string type) =>
        found?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == "True")?.Message;
}
