using k8s.Models;

using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler.Tests.Plugins;

public sealed class DefaultPreemptionTests
{
    private readonly Nominations _nominations = new();

    [Fact]
    public void PostFilter_NothingOfLowerPriority_SaysSo()
    {
        var result = Preempt(
            Make.Pod("a", "2"), Make.Node("n1").WithPods(Make.Pod("b", "3")), new NodeInfo(Make.Tainted("n2", "a", "b")));

        Assert.Equal("", result.NodeName);
        Assert.Equal(
            "preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
            result.Message);
    }

    [Fact]
    public void PostFilter_PolicyNever_SaysSo()
    {
        var pod = Make.Pod("a", "2", priority: 10);
        pod.Spec.PreemptionPolicy = "Never";

        Assert.Equal("preemption: not eligible due to preemptionPolicy=Never.", Preempt(pod, Make.Node("n1").WithPods(Make.Pod("b", "3"))).Message);
    }

    [Fact]
    public void PostFilter_SeveralVictimsPossible_SparesTheMoreImportant()
    {
        var result = Preempt(
            Make.Pod("a", "2", priority: 10),
            Make.Node("n1").WithPods(Make.Pod("low", "2", priority: 1), Make.Pod("mid", "2", priority: 5)));

        Assert.Equal("n1", result.NodeName);
        Assert.Equal("low", Assert.Single(result.Victims).Key.Name);
    }

    [Fact]
    public void PostFilter_SeveralNodes_TakesTheOneOfLeastHarm()
    {
        var result = Preempt(
            Make.Pod("a", "2", priority: 10),
            Make.Node("n1").WithPods(Make.Pod("b", "4", priority: 5)),
            Make.Node("n2").WithPods(Make.Pod("c", "4", priority: 1)),
            Make.Node("n3").WithPods(Make.Pod("d", "4", priority: 3)));

        Assert.Equal("n2", result.NodeName);
    }

    [Fact]
    public void PostFilter_VictimsStillGoing_WaitsForThem()
    {
        var pod = Make.Pod("a", "2", priority: 10);
        var victim = Make.Pod("b", "4", priority: 1);
        victim.Metadata.DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        _nominations.Set(new PodInfo(pod), "n1");

        var result = Preempt(pod, Make.Node("n1").WithPods(victim));

        Assert.Null(result.NodeName);
        Assert.Equal("preemption: not eligible due to a terminating pod on the nominated node.", result.Message);
    }

    private PostFilterResult Preempt(V1Pod pod, params NodeInfo[] nodes)
    {
        var info = new PodInfo(pod);
        var snapshot = Make.Snapshot(nodes);
        var result = new SchedulingAlgorithm(DefaultProfile.Create(Make.NoNamespaces), new Nominations(), new Random(1)).Schedule(info, snapshot);
        return new DefaultPreemption(_nominations).PostFilter(info, snapshot, result.Filters, result.Diagnosis!);
    }
}
