using MiniKube.Scheduler.Cache;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Tests.Cache;

public sealed class SchedulerCacheTests
{
    private readonly SchedulerCache _cache = new();
    private readonly Snapshot _snapshot = new();

    [Fact]
    public void Snapshot_PodBeforeItsNode_IsCountedOnceTheNodeComes()
    {
        _cache.SetPod(new PodInfo(Make.Pod("a", "1", node: "n1")));
        _cache.SetNode(Make.Node("n1"));

        Assert.Equal(1000, Node("n1").Requested.MilliCpu);
    }

    [Fact]
    public void Assume_ThenConfirmed_CountsOnce()
    {
        _cache.SetNode(Make.Node("n1"));
        Assert.True(_cache.Assume(new PodInfo(Make.Pod("a", "1")), "n1"));
        _cache.SetPod(new PodInfo(Make.Pod("a", "1", node: "n1")));

        Assert.Equal(1000, Node("n1").Requested.MilliCpu);
        Assert.Single(Node("n1").Pods);
    }

    [Fact]
    public void Assume_ThenForgotten_LeavesNothing()
    {
        _cache.SetNode(Make.Node("n1"));
        _cache.Assume(new PodInfo(Make.Pod("a", "1")), "n1");
        Assert.Equal(1000, Node("n1").Requested.MilliCpu);

        _cache.Forget("uid-a");

        Assert.Equal(Resource.Zero, Node("n1").Requested);
    }

    [Fact]
    public void Forget_Confirmed_KeepsThePod()
    {
        _cache.SetNode(Make.Node("n1"));
        _cache.SetPod(new PodInfo(Make.Pod("a", "1", node: "n1")));

        _cache.Forget("uid-a");

        Assert.Single(Node("n1").Pods);
    }

    [Fact]
    public void Assume_PodOnANode_IsRefused()
    {
        _cache.SetNode(Make.Node("n1"));
        _cache.SetPod(new PodInfo(Make.Pod("a", node: "n1")));

        Assert.False(_cache.Assume(new PodInfo(Make.Pod("a")), "n1"));
    }

    [Fact]
    public void SetPod_OnAnotherNodeThanAssumed_Moves()
    {
        _cache.SetNode(Make.Node("n1"));
        _cache.SetNode(Make.Node("n2"));
        _cache.Assume(new PodInfo(Make.Pod("a", "1")), "n1");

        _cache.SetPod(new PodInfo(Make.Pod("a", "1", node: "n2")));

        Assert.Empty(Node("n1").Pods);
        Assert.Single(Node("n2").Pods);
    }

    [Fact]
    public void RemoveNode_ThenAgain_ItsPodsAreStillThere()
    {
        _cache.SetNode(Make.Node("n1"));
        _cache.SetPod(new PodInfo(Make.Pod("a", "1", node: "n1")));
        _cache.RemoveNode("n1");
        _cache.UpdateSnapshot(_snapshot);
        Assert.Empty(_snapshot.Nodes);

        _cache.SetNode(Make.Node("n1"));

        Assert.Single(Node("n1").Pods);
    }

    [Fact]
    public void Snapshot_NodesOfSeveralZones_AreInterleaved()
    {
        foreach (var (name, zone) in new[] { ("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b") })
        {
            var node = Make.Node(name);
            node.Metadata.Labels["topology.kubernetes.io/zone"] = zone;
            _cache.SetNode(node);
        }

        _cache.UpdateSnapshot(_snapshot);

        Assert.Equal(["a1", "b1", "a2", "a3"], _snapshot.Nodes.Select(node => node.Name));
    }

    private NodeInfo Node(string name)
    {
        _cache.UpdateSnapshot(_snapshot);
        Assert.True(_snapshot.TryGet(name, out var node));
        return node;
    }
}
