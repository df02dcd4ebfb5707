using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.ControllerManager.Apps.StatefulSets;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Tests;

public sealed class StatefulSetTests
{
    [Fact]
    public async Task Create_InOrder_WaitsForEachPod_AndGivesItNameLabelsAndClaim()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var set = await cluster.CreateAsync(Objects.StatefulSet("db", 2));

        var first = Assert.Single(await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1));
        // Nothing tells that no second pod is made; that the status counts one comes after the sync that might have made it.
        await cluster.EventuallyAsync<V1StatefulSet>("db", found => found?.Status is { Replicas: 1 } status && (status.ReadyReplicas ?? 0) == 0);
        Assert.Single(await cluster.EventuallyAsync<V1Pod>(pods => pods.Count > 0));
        var done = await RunUntilReadyAsync(cluster, 2);

        Assert.Equal("db-0", first.Metadata.Name);
        Assert.Equal("db-0", first.Metadata.Labels["statefulset.kubernetes.io/pod-name"]);
        Assert.Equal("0", first.Metadata.Labels["apps.kubernetes.io/pod-index"]);
        Assert.Equal(("db-0", "db"), (first.Spec.Hostname, first.Spec.Subdomain));
        Assert.Equal("data-db-0", first.Spec.Volumes[0].PersistentVolumeClaim.ClaimName);
        Assert.Equal(set.Metadata.Uid, first.ControllerReference()?.Uid);
        Assert.Equal(done.Status.UpdateRevision, first.Metadata.Labels["controller-revision-hash"]);
        Assert.Equal(done.Status.UpdateRevision, done.Status.CurrentRevision);
        Assert.Equal(0, done.Status.CollisionCount);
        var claims = await cluster.EventuallyAsync<V1PersistentVolumeClaim>(all => all.Count == 2);
        Assert.Equal(["data-db-0", "data-db-1"], claims.Select(claim => claim.Metadata.Name).Order(StringComparer.Ordinal));
        Assert.All(claims, claim => Assert.Equal("db", claim.Metadata.Labels["app"]));
        Assert.All(claims, claim => Assert.Null(claim.Metadata.OwnerReferences));
        await cluster.EventuallyAsync<Corev1Event>(events =>
            events.Any(e => e.Message == "create Pod db-1 in StatefulSet db successful" && e.Source.Component == "statefulset-controller")
            && events.Any(e => e.Message == "create Claim data-db-1 Pod db-1 in StatefulSet db success"));
    }

    [Fact]
    public async Task Scale_Down_DeletesTheHighestFirst_AndKeepsTheClaims()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.StatefulSet("db", 3));
        await RunUntilReadyAsync(cluster, 3);

        await cluster.PatchAsync<V1StatefulSet>("db", new { spec = new { replicas = 1 } });

        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1 && pods[0].Metadata.Name == "db-0");
        Assert.Equal(3, (await cluster.EventuallyAsync<V1PersistentVolumeClaim>(_ => true)).Count);
        var deletions = (await cluster.EventuallyAsync<Corev1Event>(events => events.Count(e => e.Reason == "SuccessfulDelete") == 2))
            .Where(e => e.Reason == "SuccessfulDelete")
            .OrderBy(e => long.Parse(e.Metadata.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(["delete Pod db-2 in StatefulSet db successful", "delete Pod db-1 in StatefulSet db successful"], deletions.Select(e => e.Message));
    }

    [Fact]
    public async Task Parallel_MakesAllPodsAtOnce_FromTheStartOrdinal()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var set = Objects.StatefulSet("db", 3);
        set.Spec.PodManagementPolicy = "Parallel";
        set.Spec.Ordinals = new V1StatefulSetOrdinals { Start = 5 };
        await cluster.CreateAsync(set);

        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 3);

        Assert.Equal(["db-5", "db-6", "db-7"], pods.Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RollingUpdate_WithPartition_ReplacesOnlyTheHigherOrdinals_AndALostLowerOneComesBackAsItWas()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var set = Objects.StatefulSet("db", 3);
        set.Spec.UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "RollingUpdate", RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = 2 } };
        await cluster.CreateAsync(set);
        var old = (await RunUntilReadyAsync(cluster, 3)).Status.CurrentRevision;

        await SetImageAsync(cluster, "web:2");
        var updating = await cluster.WhileRunningPodsAsync<V1StatefulSet>(
            "db", found => found?.Status is { UpdatedReplicas: 1, ReadyReplicas: 3, ObservedGeneration: 2, CurrentReplicas: 2 });
        var lost = await cluster.EventuallyAsync<V1Pod>("db-0", pod => pod is not null);
        await cluster.DeleteAsync<V1Pod>("db-0");
        await cluster.EventuallyAsync<V1Pod>("db-0", pod => pod is not null && pod.Metadata.Uid != lost?.Metadata.Uid);
        await cluster.RunPodsAsync();

        Assert.Equal(old, updating?.Status.CurrentRevision);
        Assert.NotEqual(old, updating?.Status.UpdateRevision);
        var images = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 3 && pods.All(pod => pod.IsReady())))
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => pod.Spec.Containers[0].Image);
        Assert.Equal(["web:1", "web:1", "web:2"], images);

        await cluster.PatchAsync<V1StatefulSet>("db", new { spec = new { updateStrategy = new { rollingUpdate = new { partition = 0 } } } });
        var done = await cluster.WhileRunningPodsAsync<V1StatefulSet>("db", found => found?.Status is { UpdatedReplicas: 3, ReadyReplicas: 3, CurrentReplicas: 3 });
        Assert.Equal(updating?.Status.UpdateRevision, done?.Status.CurrentRevision);
    }

    [Fact]
    public async Task OnDelete_UpdatesOnlyWhatIsDeleted()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var set = Objects.StatefulSet("db", 2);
        set.Spec.UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "OnDelete" };
        await cluster.CreateAsync(set);
        await RunUntilReadyAsync(cluster, 2);

        await SetImageAsync(cluster, "web:2");
        await cluster.EventuallyAsync<V1StatefulSet>("db", found => found?.Status is { ObservedGeneration: 2 });
        await cluster.DeleteAsync<V1Pod>("db-0");

        await cluster.WhileRunningPodsAsync<V1StatefulSet>("db", found => found?.Status is { UpdatedReplicas: 1, ReadyReplicas: 2 });
        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2);
        Assert.Equal("web:2", pods.Single(pod => pod.Metadata.Name == "db-0").Spec.Containers[0].Image);
        Assert.Equal("web:1", pods.Single(pod => pod.Metadata.Name == "db-1").Spec.Containers[0].Image);
    }

    [Fact]
    public async Task HistoryLimit_BelowZero_KeepsAllRevisions()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var wanted = Objects.StatefulSet("web", 0);
        wanted.Spec.RevisionHistoryLimit = -1;
        await cluster.CreateAsync(wanted);
        for (var generation = 1; generation <= 4; generation++)
        {
            await cluster.EventuallyAsync<V1StatefulSet>("web", set => set?.Status?.ObservedGeneration == generation);
            await cluster.PatchAsync<V1StatefulSet>("web", new { spec = new { template = new { metadata = new { annotations = new { generation = $"{generation}" } } } } });
        }

        await cluster.EventuallyAsync<V1StatefulSet>("web", set => set?.Status?.ObservedGeneration == 5);
        await cluster.EventuallyAsync<V1ControllerRevision>(revisions => revisions.Count == 5);
    }

    [Fact]
    public async Task FailedPod_IsReplacedUnderItsName()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.StatefulSet("db", 1));
        var first = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1))[0];

        await cluster.PatchAsync<V1Pod>("db-0", new { status = new { phase = "Failed", reason = "Evicted" } }, "status");

        await cluster.EventuallyAsync<V1Pod>("db-0", pod => pod is not null && pod.Metadata.Uid != first.Metadata.Uid);
    }

    [Fact]
    public async Task RetentionPolicy_Delete_LetsClaimsGoWithTheSetAndWithScaling()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var set = Objects.StatefulSet("db", 2);
        set.Spec.PersistentVolumeClaimRetentionPolicy = new V1StatefulSetPersistentVolumeClaimRetentionPolicy { WhenDeleted = "Delete", WhenScaled = "Delete" };
        await cluster.CreateAsync(set);
        await RunUntilReadyAsync(cluster, 2);
        await cluster.EventuallyAsync<V1PersistentVolumeClaim>(
            claims => claims.Count == 2 && claims.All(claim => claim.ControllerReference() is { Kind: "StatefulSet", Name: "db" }));

        await cluster.PatchAsync<V1StatefulSet>("db", new { spec = new { replicas = 1 } });
        await cluster.EventuallyAsync<V1PersistentVolumeClaim>(claims => claims.Count == 1 && claims[0].Metadata.Name == "data-db-0");

        await cluster.DeleteAsync<V1StatefulSet>("db");
        await cluster.EventuallyAsync<V1PersistentVolumeClaim>(claims => claims.Count == 0);
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 0);
    }

    [Theory]
    [InlineData("Retain", "Retain", 0, "")]
    [InlineData("Delete", "Retain", 0, "StatefulSet")]
    [InlineData("Delete", "Retain", 9, "StatefulSet")]
    [InlineData("Retain", "Delete", 0, "")]
    [InlineData("Retain", "Delete", 9, "Pod")]
    [InlineData("Delete", "Delete", 0, "StatefulSet")]
    [InlineData("Delete", "Delete", 9, "Pod")]
    public void ClaimOwners_ByPolicy_AreUpstreams(string whenDeleted, string whenScaled, int ordinal, string expected)
    {
        var set = Objects.StatefulSet("db", 1);
        set.Metadata.Uid = "set-uid";
        set.Spec.PersistentVolumeClaimRetentionPolicy = new V1StatefulSetPersistentVolumeClaimRetentionPolicy { WhenDeleted = whenDeleted, WhenScaled = whenScaled };
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = $"db-{ordinal}", Uid = "pod-uid" } };
        // What another policy left there before.
        var claim = Objects.Claim("data", "1Gi") with
        {
            Metadata = new V1ObjectMeta { OwnerReferences = [pod.ToControllerReference(), set.ToControllerReference()] },
        };

        var owners = StatefulClaims.OwnersToSet(set, pod, ordinal, claim);

        Assert.Equal(expected, string.Join(',', owners?.Select(owner => owner.Kind) ?? ["unchanged"]));
        var settled = claim with { Metadata = new V1ObjectMeta { OwnerReferences = [.. owners ?? []] } };
        Assert.Null(StatefulClaims.OwnersToSet(set, pod, ordinal, settled));
    }

    private static async Task<V1StatefulSet> RunUntilReadyAsync(TestCluster cluster, int replicas) =>
        Assert.IsType<V1StatefulSet>(await cluster.WhileRunningPodsAsync<V1StatefulSet>("db", set => set?.Status is { } status
            && status.Replicas == replicas
            && status.ReadyReplicas == replicas
            && status.AvailableReplicas == replicas
            && status.UpdatedReplicas == replicas
            && status.CurrentReplicas == replicas
            && status.ObservedGeneration == set.Metadata.Generation));

    private static async Task SetImageAsync(TestCluster cluster, string image)
    {
        var patch = new { spec = new { template = new { spec = new { containers = new[] { new { name = "web", image } } } } } };
        await cluster.Client.PatchAsync<V1StatefulSet>(
            new NamespacedName("default", "db"), new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), null, TestContext.Current.CancellationToken);
    }
}
