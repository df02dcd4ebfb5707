using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.ControllerManager.Tests;

public sealed class DeploymentTests
{
    [Fact]
    public async Task Create_RollsOut_AndTellsByStatusRevisionAndEvents()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Deployment("web", 3));

        await RunUntilAvailableAsync(cluster, 3);

        var replicaSet = Assert.Single(await cluster.EventuallyAsync<V1ReplicaSet>(all => all.Count == 1));
        var deployment = await cluster.EventuallyAsync<V1Deployment>("web", d => Condition(d, "Progressing")?.Reason == "NewReplicaSetAvailable");
        Assert.Equal($"ReplicaSet \"{replicaSet.Metadata.Name}\" has successfully progressed.", Condition(deployment, "Progressing")?.Message);
        Assert.Equal("MinimumReplicasAvailable", Condition(deployment, "Available")?.Reason);
        Assert.Equal("1", deployment?.Metadata.Annotations["deployment.kubernetes.io/revision"]);
        Assert.Equal("1", replicaSet.Metadata.Annotations["deployment.kubernetes.io/revision"]);
        Assert.Equal($"web-{replicaSet.Metadata.Labels["pod-template-hash"]}", replicaSet.Metadata.Name);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e =>
            e.Reason == "ScalingReplicaSet" && e.Message == $"Scaled up replica set {replicaSet.Metadata.Name} from 0 to 3"));
    }

    [Theory]
    [InlineData("RollingUpdate")]
    [InlineData("Recreate")]
    public async Task Update_ReplacesThePods_AndUndoingItMakesTheOldRevisionTheNewest(string strategy)
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var wanted = Objects.Deployment("web", 2);
        wanted.Spec.Strategy = new V1DeploymentStrategy { Type = strategy };
        await cluster.CreateAsync(wanted);
        await RunUntilAvailableAsync(cluster, 2);

        await SetImageAsync(cluster, "web:2");
        await RunUntilAvailableAsync(cluster, 2, "web:2");
        await SetImageAsync(cluster, "web:1");
        await RunUntilAvailableAsync(cluster, 2, "web:1");

        var replicaSets = await cluster.EventuallyAsync<V1ReplicaSet>(all => all.Count == 2 && all.Count(one => one.Spec.Replicas == 0) == 1);
        var first = replicaSets.Single(one => one.Spec.Replicas == 2);
        Assert.Equal("3", first.Metadata.Annotations["deployment.kubernetes.io/revision"]);
        Assert.Equal("1", first.Metadata.Annotations["deployment.kubernetes.io/revision-history"]);
        await cluster.EventuallyAsync<V1Deployment>("web", d => d?.Metadata.Annotations["deployment.kubernetes.io/revision"] == "3");
    }

    [Fact]
    public async Task RollingUpdate_ThatNeverBecomesReady_KeepsEnoughOldPodsAndTimesOut()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var wanted = Objects.Deployment("web", 4);
        wanted.Spec.ProgressDeadlineSeconds = 1;
        wanted.Spec.MinReadySeconds = 0;
        await cluster.CreateAsync(wanted);
        await RunUntilAvailableAsync(cluster, 4);

        await SetImageAsync(cluster, "broken:1");

        var deployment = await cluster.EventuallyAsync<V1Deployment>("web", d => Condition(d, "Progressing")?.Reason == "ProgressDeadlineExceeded");
        Assert.Equal("False", Condition(deployment, "Progressing")?.Status);
        // A quarter may be unavailable and a quarter may be too many.
        Assert.Equal(3, deployment?.Status.AvailableReplicas);
        Assert.Equal(2, deployment?.Status.UpdatedReplicas);
    }

    [Fact]
    public async Task Scale_WhilePaused_ResizesButDoesNotRollOut()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Deployment("web", 1));
        await RunUntilAvailableAsync(cluster, 1);

        await cluster.PatchAsync<V1Deployment>("web", new { spec = new { paused = true } });
        await cluster.EventuallyAsync<V1Deployment>("web", d => Condition(d, "Progressing")?.Reason == "DeploymentPaused");
        await SetImageAsync(cluster, "web:2");
        await cluster.PatchAsync<V1Deployment>("web", new { spec = new { replicas = 3 } });

        var replicaSets = await cluster.EventuallyAsync<V1ReplicaSet>(all => all.Count == 1 && all[0].Spec.Replicas == 3);
        Assert.Equal("web:1", replicaSets[0].Spec.Template.Spec.Containers[0].Image);
    }

    [Fact]
    public async Task RevisionHistoryLimit_OfZero_DeletesOldReplicaSets()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var wanted = Objects.Deployment("web", 1);
        wanted.Spec.RevisionHistoryLimit = 0;
        await cluster.CreateAsync(wanted);
        await RunUntilAvailableAsync(cluster, 1);

        await SetImageAsync(cluster, "web:2");
        await RunUntilAvailableAsync(cluster, 1, "web:2");

        await cluster.EventuallyAsync<V1ReplicaSet>(all => all.Count == 1 && all[0].Spec.Template.Spec.Containers[0].Image == "web:2");
    }

    private static async Task SetImageAsync(TestCluster cluster, string image)
    {
        var patch = new { spec = new { template = new { spec = new { containers = new[] { new { name = "web", image } } } } } };
        await cluster.Client.PatchAsync<V1Deployment>(
            new NamespacedName("default", "web"),
            new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch),
            null,
            TestContext.Current.CancellationToken);
    }

    private static async Task RunUntilAvailableAsync(TestCluster cluster, int replicas, string image = "web:1")
    {
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Any(pod => pod.Spec.Containers[0].Image == image));
        await cluster.WhileRunningPodsAsync<V1Deployment>("web", d =>
            d?.Status is { } status
            && status.ObservedGeneration == d.Metadata.Generation
            && status.UpdatedReplicas == replicas
            && status.Replicas == replicas
            && status.AvailableReplicas == replicas);
    }

    private static V1DeploymentCondition? Condition(V1Deployment? deployment, string type) =>
        deployment?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
}
