using k8s.Models;

using MiniKube.Client;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Tests;

public sealed class ReplicationControllerTests
{
    [Fact]
    public async Task Create_OfThree_MakesThreePodsAndSaysSo()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var owner = await cluster.CreateAsync(Objects.ReplicationController("web", 3));

        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 3);
        await cluster.RunPodsAsync();

        Assert.All(pods, pod => Assert.StartsWith("web-", pod.Metadata.Name, StringComparison.Ordinal));
        Assert.All(pods, pod => Assert.Equal(owner.Metadata.Uid, pod.ControllerReference()?.Uid));
        await cluster.EventuallyAsync<V1ReplicationController>(
            "web", rc => rc?.Status is { Replicas: 3, ReadyReplicas: 3, AvailableReplicas: 3, FullyLabeledReplicas: 3, ObservedGeneration: 1 });
        var events = await cluster.EventuallyAsync<Corev1Event>(events => events.Count(e => e.Reason == "SuccessfulCreate") == 3);
        Assert.All(events, e => Assert.Equal("replication-controller", e.Source.Component));
        Assert.Contains(events, e => e.Message == $"Created pod: {pods[0].Metadata.Name}");
    }

    [Fact]
    public async Task Scale_DownToOne_DeletesTheTwoThatAreNotReady()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.ReplicationController("web", 1));
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1);
        await cluster.RunPodsAsync();
        await cluster.PatchAsync<V1ReplicationController>("web", new { spec = new { replicas = 3 } });
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 3);

        await cluster.PatchAsync<V1ReplicationController>("web", new { spec = new { replicas = 1 } });

        var left = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1);
        Assert.True(left[0].IsReady());
    }

    [Fact]
    public async Task DeletedPod_IsReplaced()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.ReplicationController("web", 2));
        var first = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2))[0].Metadata.Name;

        await cluster.DeleteAsync<V1Pod>(first);

        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2 && pods.All(pod => pod.Metadata.Name != first));
    }

    [Fact]
    public async Task PodWhoseLabelsChange_IsReleasedAndReplaced_AndOneThatMatchesIsAdopted()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.ReplicationController("web", 1));
        var name = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1))[0].Metadata.Name;

        await cluster.PatchAsync<V1Pod>(name, new { metadata = new { labels = new { app = "other" } } });
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2 && pods.Single(pod => pod.Metadata.Name == name).ControllerReference() is null);

        // Two match now, one is wanted: which one goes is the order's choice.
        await cluster.PatchAsync<V1Pod>(name, new { metadata = new { labels = new { app = "web" } } });
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1 && pods[0].ControllerReference() is not null);
    }

    [Fact]
    public async Task Create_WithLeaderElection_IsWrittenByTheLeader()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateAsync(Objects.ReplicationController("web", 1));

        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1);

        var lease = await cluster.EventuallyAsync<V1Lease>("kube-controller-manager", lease => lease?.Spec.HolderIdentity is { Length: > 0 }, "kube-system");
        Assert.Equal(15, lease?.Spec.LeaseDurationSeconds);
    }

    [Theory]
    [InlineData("Background", 0)]
    [InlineData("Foreground", 0)]
    [InlineData("Orphan", 2)]
    public async Task Delete_ByPolicy_LeavesPods(string policy, int left)
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.ReplicationController("web", 2));
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2);

        await cluster.DeleteAsync<V1ReplicationController>("web", policy);

        await cluster.EventuallyAsync<V1ReplicationController>("web", rc => rc is null);
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == left && pods.All(pod => pod.ControllerReference() is null));
    }
}
