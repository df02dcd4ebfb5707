using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Tests;

public sealed class DaemonSetTests
{
    private const string HashLabel = "controller-revision-hash";

    [Fact]
    public async Task Create_MakesOnePodANode_AndFollowsTheNodes()
    {
        await using var cluster = await StartAsync("a", "b");
        var owner = await cluster.CreateAsync(Objects.DaemonSet("agent"));

        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2);
        var status = await cluster.WhileRunningPodsAsync<V1DaemonSet>("agent", ds => ds?.Status is
        {
            DesiredNumberScheduled: 2, CurrentNumberScheduled: 2, NumberReady: 2, NumberAvailable: 2, UpdatedNumberScheduled: 2, ObservedGeneration: 1,
        });

        Assert.Equal(["a", "b"], pods.Select(TargetNode).Order(StringComparer.Ordinal));
        Assert.All(pods, pod => Assert.Equal(owner.Metadata.Uid, pod.ControllerReference()?.Uid));
        Assert.Equal(0, status?.Status.NumberUnavailable ?? 0);
        var revision = Assert.Single(await cluster.EventuallyAsync<V1ControllerRevision>(all => all.Count == 1));
        Assert.Equal($"agent-{revision.Metadata.Labels[HashLabel]}", revision.Metadata.Name);
        Assert.All(pods, pod => Assert.Equal(revision.Metadata.Labels[HashLabel], pod.Metadata.Labels[HashLabel]));
        await cluster.EventuallyAsync<Corev1Event>(events => events.Count(e => e.Reason == "SuccessfulCreate" && e.Source.Component == "daemonset-controller") == 2);

        await cluster.CreateAsync(Node("c"));
        await cluster.EventuallyAsync<V1Pod>(all => all.Count == 3);
        await cluster.PatchAsync<V1Node>("a", new { spec = new { taints = new[] { new { key = "out", effect = "NoExecute" } } } }, ns: "");
        await cluster.EventuallyAsync<V1Pod>(all => all.Count == 2 && all.All(pod => TargetNode(pod) != "a"));
    }

    [Fact]
    public async Task Update_ReplacesThePodsOneByOne_AndUndoingItMakesTheOldRevisionTheNewest()
    {
        await using var cluster = await StartAsync("a", "b");
        await cluster.CreateAsync(Objects.DaemonSet("agent"));
        await RunUntilUpdatedAsync(cluster, "web:1");
        var first = (await cluster.EventuallyAsync<V1ControllerRevision>(all => all.Count == 1))[0];

        await SetImageAsync(cluster, "web:2");
        await RunUntilUpdatedAsync(cluster, "web:2");
        // What kubectl rollout undo does: the data of the revision is a strategic merge patch.
        var data = Assert.IsType<System.Text.Json.JsonElement>(first.Data).GetRawText();
        await cluster.Client.PatchAsync<V1DaemonSet>(
            new NamespacedName("default", "agent"), new V1Patch(data, V1Patch.PatchType.StrategicMergePatch), null, TestContext.Current.CancellationToken);
        await RunUntilUpdatedAsync(cluster, "web:1");

        var revisions = await cluster.EventuallyAsync<V1ControllerRevision>(all => all.Count == 2 && all.Any(one => one.Revision == 3));
        Assert.Equal(3, revisions.Single(one => one.Metadata.Name == first.Metadata.Name).Revision);
    }

    [Fact]
    public async Task OnDelete_LeavesOldPods_UntilTheyAreDeleted()
    {
        await using var cluster = await StartAsync("a");
        await cluster.CreateAsync(Objects.DaemonSet("agent") with
        {
            Spec = Objects.DaemonSet("agent").Spec with { UpdateStrategy = new V1DaemonSetUpdateStrategy { Type = "OnDelete" } },
        });
        await RunUntilUpdatedAsync(cluster, "web:1");

        await SetImageAsync(cluster, "web:2");
        await cluster.EventuallyAsync<V1DaemonSet>("agent", ds => ds?.Status is { ObservedGeneration: 2 } status && (status.UpdatedNumberScheduled ?? 0) == 0);
        var old = Assert.Single(await cluster.EventuallyAsync<V1Pod>(all => all.Count == 1));
        Assert.Equal("web:1", old.Spec.Containers[0].Image);

        await cluster.DeleteAsync<V1Pod>(old.Metadata.Name);
        await RunUntilUpdatedAsync(cluster, "web:2");
    }

    [Fact]
    public async Task FailedPod_IsReplaced_AndTold()
    {
        await using var cluster = await StartAsync("a");
        await cluster.CreateAsync(Objects.DaemonSet("agent"));
        var pod = (await cluster.EventuallyAsync<V1Pod>(all => all.Count == 1))[0];

        await cluster.PatchAsync<V1Pod>(pod.Metadata.Name, new { status = new { phase = "Failed" } }, "status");

        await cluster.EventuallyAsync<V1Pod>(all => all.Count == 1 && all[0].Metadata.Uid != pod.Metadata.Uid);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e => e.Reason == "FailedDaemonPod"
            && e.Message == $"Found failed daemon pod default/{pod.Metadata.Name} on node a, will try to kill it"));
    }

    [Fact]
    public async Task RevisionHistoryLimit_DeletesOldRevisionsThatNoPodHas()
    {
        await using var cluster = await StartAsync("a");
        await cluster.CreateAsync(Objects.DaemonSet("agent") with { Spec = Objects.DaemonSet("agent").Spec with { RevisionHistoryLimit = 1 } });
        await RunUntilUpdatedAsync(cluster, "web:1");
        foreach (var image in new[] { "web:2", "web:3" })
        {
            await SetImageAsync(cluster, image);
            await RunUntilUpdatedAsync(cluster, image);
        }

        await cluster.EventuallyAsync<V1ControllerRevision>(all => all.Select(one => one.Revision).Order().SequenceEqual([2L, 3L]));
    }

    private static async Task<TestCluster> StartAsync(params string[] nodes)
    {
        var cluster = await TestCluster.StartAsync("--leader-elect=false");
        foreach (var node in nodes)
        {
            await cluster.CreateAsync(Node(node));
        }

        return cluster;
    }

    private static string? TargetNode(V1Pod pod) => Apps.DaemonSets.DaemonPodTemplate.TargetNode(pod);

    private static async Task SetImageAsync(TestCluster cluster, string image)
    {
        var patch = new { spec = new { template = new { spec = new { containers = new[] { new { name = "web", image } } } } } };
        await cluster.Client.PatchAsync<V1DaemonSet>(
            new NamespacedName("default", "agent"), new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), null, TestContext.Current.CancellationToken);
    }

    private static async Task RunUntilUpdatedAsync(TestCluster cluster, string image)
    {
        await cluster.WhileRunningPodsAsync<V1DaemonSet>("agent", ds => ds?.Status is { } status
            && ds.Spec.Template.Spec.Containers[0].Image == image
            && status.ObservedGeneration == ds.Metadata.Generation
            && status.DesiredNumberScheduled > 0
            && status.UpdatedNumberScheduled == status.DesiredNumberScheduled
            && status.NumberAvailable == status.DesiredNumberScheduled);
        var pods = await cluster.EventuallyAsync<V1Pod>(all => all.All(pod => pod.IsReady()));
        Assert.All(pods, pod => Assert.Equal(image, pod.Spec.Containers[0].Image));
    }

    private static V1Node Node(string name) => new() { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = name } };
}
