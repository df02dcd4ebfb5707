using k8s.Models;

using MiniKube.Client;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Status;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Pods;

/// <summary>What a node does with pods that it has no room for. The node has two CPUs.</summary>
public class PodAdmissionTests
{
    [Fact]
    public async Task HostPort_ThatAnotherPodHas_IsRefusedUntilThatPodIsGone()
    {
        await using var node = HollowNode.Start();
        node.Ready();
        var first = TestPods.Pod("containers: [{name: app, image: 'busybox:1', ports: [{containerPort: 80, hostPort: 80}]}]", "first");
        node.Add(first);
        await node.WaitAsync("first", pod => pod.Status?.Phase == "Running");

        node.Add(TestPods.Pod("containers: [{name: app, image: 'busybox:1', ports: [{containerPort: 81, hostPort: 80}]}]", "second"));

        var refused = await node.WaitAsync("second", pod => pod.Status?.Phase == "Failed");
        Assert.Equal(
            ("NodePorts", "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"),
            (refused.Status.Reason, refused.Status.Message));
        var ended = node.Api.Change<V1Pod>(first.Key(), pod => pod.Deleted(0));
        node.Add(ended);
        await Wait.UntilAsync(() => Task.FromResult(node.Api.Deletions.Any(deletion => deletion.Key == first.Key())));
        node.Agent.Queue.Add(new SyncEvent.PodRemoved(ended));
        node.Add(TestPods.Pod("containers: [{name: app, image: 'busybox:1', ports: [{containerPort: 81, hostPort: 80}]}]", "third"));
        await node.WaitAsync("third", pod => pod.Status?.Phase == "Running");
    }

    [Fact]
    public async Task Requests_BeyondTheNode_AreRefusedByTheirResource()
    {
        await using var node = HollowNode.Start();
        node.Ready();
        node.Add(Asking("1500m", "first"));
        await node.WaitAsync("first", pod => pod.Status?.Phase == "Running");

        node.Add(Asking("600m", "second"));

        var refused = await node.WaitAsync("second", pod => pod.Status?.Phase == "Failed");
        Assert.Equal(
            ("OutOfcpu", "Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000"),
            (refused.Status.Reason, refused.Status.Message));
        node.Add(Asking("500m", "third"));
        await node.WaitAsync("third", pod => pod.Status?.Phase == "Running");
    }

    [Fact]
    public async Task Resize_ThatDoesNotFit_WaitsAndIsDoneOnceItDoes()
    {
        await using var node = HollowNode.Start();
        node.Ready();
        var large = Asking("1500m", "large");
        node.Add(large);
        node.Add(Asking("400m", "small"));
        await node.WaitAsync("large", pod => pod.Status?.Phase == "Running");
        var small = await node.WaitAsync("small", pod => pod.Status?.Phase == "Running");

        node.Add(node.Api.Change<V1Pod>(small.Key(), pod => pod with { Spec = Asking("1", "small").Spec, Metadata = pod.Metadata with { Generation = 2 } }));

        var pending = await node.WaitAsync("small", pod => Condition(pod, PodConditions.ResizePending) is not null);
        var condition = Condition(pending, PodConditions.ResizePending)!;
        Assert.Equal(
            ("True", "Deferred", "Node didn't have enough resource: cpu, requested: 1000, used: 1500, capacity: 2000"), (condition.Status, condition.Reason, condition.Message));
        Assert.Equal("400m", pending.Status.ContainerStatuses[0].Resources.Requests["cpu"].ToString());
        var ended = node.Api.Change<V1Pod>(large.Key(), pod => pod.Deleted(0));
        node.Add(ended);
        var done = await node.WaitAsync("small", pod => Condition(pod, PodConditions.ResizePending) is null && pod.Status.ContainerStatuses[0].Resources?.Requests["cpu"].ToString() == "1");
        Assert.Equal(0, done.Status.ContainerStatuses[0].RestartCount);
    }

    private static V1Pod Asking(string cpu, string name) =>
        TestPods.Pod($"containers: [{{name: app, image: 'busybox:1', resources: {{requests: {{cpu: '{cpu}'}}}}}}]", name);

    private static V1PodCondition? Condition(V1Pod pod, string type) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
}
