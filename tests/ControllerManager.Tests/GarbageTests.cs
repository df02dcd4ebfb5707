using k8s.Models;

namespace MiniKube.ControllerManager.Tests;

public sealed class GarbageTests
{
    [Fact]
    public async Task Delete_Background_TakesDependentsLater()
    {
        await using var cluster = await TestCluster.StartAsync();
        var owner = await CreateAsync(cluster, "owner");
        await CreateAsync(cluster, "dependent", owner);

        await cluster.DeleteAsync<V1ConfigMap>("owner", "Background");

        await cluster.EventuallyAsync<V1ConfigMap>("dependent", found => found is null);
    }

    [Fact]
    public async Task Delete_Orphan_LeavesDependentsWithoutOwner()
    {
        await using var cluster = await TestCluster.StartAsync();
        var owner = await CreateAsync(cluster, "owner");
        await CreateAsync(cluster, "dependent", owner);

        await cluster.DeleteAsync<V1ConfigMap>("owner", "Orphan");

        await cluster.EventuallyAsync<V1ConfigMap>("owner", found => found is null);
        var dependent = await cluster.EventuallyAsync<V1ConfigMap>("dependent", found => found?.Metadata.OwnerReferences is not { Count: > 0 });
        Assert.NotNull(dependent);
        Assert.Null(dependent.Metadata.DeletionTimestamp);
    }

    [Fact]
    public async Task Delete_Foreground_OwnerGoesAfterWhatBlocksIt()
    {
        await using var cluster = await TestCluster.StartAsync();
        var owner = await CreateAsync(cluster, "owner");
        await CreateAsync(cluster, "blocking", owner, blocks: true, finalizer: "example.com/hold");
        await CreateAsync(cluster, "other", owner, finalizer: "example.com/hold");

        await cluster.DeleteAsync<V1ConfigMap>("owner", "Foreground");

        await cluster.EventuallyAsync<V1ConfigMap>("blocking", found => found?.Metadata.DeletionTimestamp is not null);
        var waiting = await cluster.EventuallyAsync<V1ConfigMap>("owner", found => found is not null);
        Assert.Equal(["foregroundDeletion"], waiting?.Metadata.Finalizers);
        await cluster.PatchAsync<V1ConfigMap>("blocking", new { metadata = new { finalizers = Array.Empty<string>() } });

        // The other one is held by its finalizer, but holds nobody.
        await cluster.EventuallyAsync<V1ConfigMap>("owner", found => found is null);
        await cluster.EventuallyAsync<V1ConfigMap>("other", found => found?.Metadata.DeletionTimestamp is not null);
    }

    [Fact]
    public async Task Delete_OneOfTwoOwners_KeepsTheDependent()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (first, second) = (await CreateAsync(cluster, "first"), await CreateAsync(cluster, "second"));
        var reference = Reference(second, blocks: false);
        await CreateAsync(cluster, "dependent", first, extra: reference);

        await cluster.DeleteAsync<V1ConfigMap>("first", "Background");

        var dependent = await cluster.EventuallyAsync<V1ConfigMap>("dependent", found => found?.Metadata.OwnerReferences.Count == 1);
        Assert.Equal("second", dependent?.Metadata.OwnerReferences.Single().Name);
    }

    private static Task<V1ConfigMap> CreateAsync(
        TestCluster cluster, string name, V1ConfigMap? owner = null, bool blocks = false, string? finalizer = null, V1OwnerReference? extra = null)
    {
        V1OwnerReference?[] owners = [owner is null ? null : Reference(owner, blocks), extra];
        return cluster.CreateAsync(new V1ConfigMap
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = Objects.Meta(name) with
            {
                OwnerReferences = [.. owners.OfType<V1OwnerReference>()],
                Finalizers = finalizer is null ? null : [finalizer],
            },
        });
    }

    private static V1OwnerReference Reference(V1ConfigMap owner, bool blocks) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Name = owner.Metadata.Name,
        Uid = owner.Metadata.Uid,
        BlockOwnerDeletion = blocks,
    };
}
