using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Tests.Framework;

public sealed class SchedulingAlgorithmTests
{
    private readonly Nominations _nominations = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(1000, 420)]
    [InlineData(5000, 500)]
    [InlineData(10000, 500)]
    public void EnoughNodes_ByUpstreamsRule(int nodes, int enough) => Assert.Equal(enough, SchedulingAlgorithm.EnoughNodes(nodes));

    [Fact]
    public void Schedule_OneNodeFits_IsChosen()
    {
        var result = Schedule(Make.Pod("a", "2"), new NodeInfo(Make.Node("small", "1")), new NodeInfo(Make.Node("large")));

        Assert.Equal("large", result.Node?.Name);
    }

    [Fact]
    public void Schedule_EqualNodes_PrefersTheEmptierOne()
    {
        var result = Schedule(
            Make.Pod("a", "500m", "1Gi"),
            Make.Node("busy").WithPods(Make.Pod("other", "2", "4Gi", "busy")),
            new NodeInfo(Make.Node("empty")));

        Assert.Equal("empty", result.Node?.Name);
    }

    [Fact]
    public void Schedule_NoneFits_SaysWhyOfEach()
    {
        var cordoned = Make.Node("cordoned");
        cordoned.Spec.Unschedulable = true;

        var result = Schedule(
            Make.Pod("a", "8"), new NodeInfo(Make.Node("n1")), new NodeInfo(Make.Tainted("n2", "a", "b")), new NodeInfo(cordoned));

        Assert.Null(result.Node);
        Assert.Equal(
            "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {a: b}, 1 node(s) were unschedulable.",
            result.Diagnosis?.Message);
        Assert.Equal(["NodeResourcesFit", "NodeUnschedulable", "TaintToleration"], result.Diagnosis?.Plugins.Order());
    }

    [Fact]
    public void Schedule_NamedNodeIsFull_OthersAreRuledOutUnseen()
    {
        var pod = Make.Pod("a", "8");
        pod.Spec.Affinity = new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
                {
                    NodeSelectorTerms =
                    [
                        new V1NodeSelectorTerm
                        {
                            MatchFields = [new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = ["n1"] }],
                        },
                    ],
                },
            },
        };

        var result = Schedule(pod, new NodeInfo(Make.Node("n1")), new NodeInfo(Make.Node("n2")));

        Assert.Equal(
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity].", result.Diagnosis?.Message);
    }

    [Fact]
    public void Schedule_NoNodes_AnyNewNodeIsWorthATry()
    {
        var result = Schedule(Make.Pod("a"));

        Assert.Equal("no nodes available to schedule pods", result.Diagnosis?.Message);
        Assert.Contains("NodeResourcesFit", result.Diagnosis!.Plugins);
    }

    [Fact]
    public void Schedule_ManyNodes_StopsWhenEnoughFitAndGoesOnThereNextTime()
    {
        var nodes = Enumerable.Range(0, 1000).Select(i => new NodeInfo(Make.Node($"n{i:000}"))).ToArray();
        var snapshot = Make.Snapshot(nodes);
        var algorithm = new SchedulingAlgorithm(DefaultProfile.Create(Make.NoNamespaces), _nominations, new Random(1));

        var chosen = Enumerable.Range(0, 300)
            .Select(i => algorithm.Schedule(new PodInfo(Make.Pod($"p{i}")), snapshot).Node!.Name)
            .ToHashSet();

        Assert.Contains(chosen, name => string.CompareOrdinal(name, "n420") < 0);
        Assert.Contains(chosen, name => string.CompareOrdinal(name, "n840") > 0);
    }

    [Fact]
    public void Schedule_RoomMadeForAnotherPod_IsNotTaken()
    {
        _nominations.Set(new PodInfo(Make.Pod("important", "4", priority: 10)), "n1");

        var result = Schedule(Make.Pod("a", "1"), new NodeInfo(Make.Node("n1")));

        Assert.Equal("0/1 nodes are available: 1 Insufficient cpu.", result.Diagnosis?.Message);
    }

    [Fact]
    public void Schedule_RoomMadeForThisPod_IsTakenFirst()
    {
        _nominations.Set(new PodInfo(Make.Pod("a", "1")), "busy");

        var result = Schedule(
            Make.Pod("a", "1"), new NodeInfo(Make.Node("empty")), Make.Node("busy").WithPods(Make.Pod("other", "2", node: "busy")));

        Assert.Equal("busy", result.Node?.Name);
    }

    private ScheduleResult Schedule(V1Pod pod, params NodeInfo[] nodes) =>
        new SchedulingAlgorithm(DefaultProfile.Create(Make.NoNamespaces), _nominations, new Random(1)).Schedule(new PodInfo(pod), Make.Snapshot(nodes));
}
