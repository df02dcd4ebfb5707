using k8s.Models;

using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler.Tests.Plugins;

public sealed class PodTopologySpreadTests
{
    private const string TooMany = "node(s) didn't match pod topology spread constraints";

    private readonly PodTopologySpread _plugin = new();

    [Fact]
    public void Filter_FullestPlace_IsRefused() => Assert.Equal(
        [TooMany, ""], Reasons(Spread("a", "DoNotSchedule"), Node("n1", "z1").WithPods(Web("w")), Node("n2", "z2").WithPods()));

    [Fact]
    public void Filter_SeveralNodesOfAPlace_CountTogether() => Assert.Equal(
        [TooMany, TooMany, ""],
        Reasons(Spread("a", "DoNotSchedule"), Node("n1", "z1").WithPods(Web("w")), Node("n2", "z1").WithPods(), Node("n3", "z2").WithPods()));

    [Fact]
    public void Filter_NodeWithoutTheLabel_IsNoPlace() => Assert.Equal(
        [TooMany + " (missing required label)", ""],
        Reasons(Spread("a", "DoNotSchedule"), new NodeInfo(Make.Node("n1")), Node("n2", "z2").WithPods()));

    [Fact]
    public void Filter_FewerPlacesThanMinDomains_TheFewestIsZero()
    {
        var pod = Spread("a", "DoNotSchedule");
        pod.Spec.TopologySpreadConstraints[0].MinDomains = 2;

        Assert.Equal([TooMany], Reasons(pod, Node("n1", "z1").WithPods(Web("w"))));
    }

    [Fact]
    public void Filter_PodOnItsWayOut_DoesNotCount()
    {
        var going = Web("w");
        going.Metadata.DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        Assert.Equal(["", ""], Reasons(Spread("a", "DoNotSchedule"), Node("n1", "z1").WithPods(going), Node("n2", "z2").WithPods()));
    }

    [Fact]
    public void Filter_NodeThatThePodCannotUse_IsNoPlace()
    {
        var pod = Spread("a", "DoNotSchedule");
        pod.Spec.NodeSelector = new Dictionary<string, string> { ["zone"] = "z1" };

        // z2 is empty, but the pod cannot go there: it does not make z1 too full.
        Assert.Equal("", Reasons(pod, Node("n1", "z1").WithPods(Web("w")), Node("n2", "z2").WithPods()).First());
    }

    [Fact]
    public void With_APodGone_CountsAnew()
    {
        var node = Node("n1", "z1").WithPods(Web("w"));
        var filter = _plugin.PreFilter(new PodInfo(Spread("a", "DoNotSchedule")), Make.Snapshot(node, Node("n2", "z2").WithPods()))!;
        var without = node.WithoutPod("uid-w");

        Assert.False(filter.Filter(node).IsSuccess);
        Assert.True(filter.With(node, without).Filter(without).IsSuccess);
    }

    [Fact]
    public void Score_EmptierPlace_IsBetter()
    {
        NodeInfo[] nodes = [Node("n1", "z1").WithPods(Web("w1"), Web("w2")), Node("n2", "z2").WithPods(Web("w3")), new NodeInfo(Make.Node("n3"))];
        var scorer = _plugin.PreScore(new PodInfo(Spread("a", "ScheduleAnyway")), nodes, Make.Snapshot(nodes))!;
        var scores = nodes.Select(scorer.Score).ToArray();
        scorer.Normalize(scores);

        // 2 ln 4 and 1 ln 4, rounded: 3 and 1, turned round.
        Assert.Equal([100 * 1 / 3, 100, 0], scores);
    }

    private static V1Node Node(string name, string zone)
    {
        var node = Make.Node(name);
        node.Metadata.Labels["zone"] = zone;
        return node;
    }

    private static V1Pod Web(string name)
    {
        var pod = Make.Pod(name);
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "web" };
        return pod;
    }

    private static V1Pod Spread(string name, string whenUnsatisfiable)
    {
        var pod = Web(name);
        pod.Spec.TopologySpreadConstraints =
        [
            new V1TopologySpreadConstraint
            {
                MaxSkew = 1,
                TopologyKey = "zone",
                WhenUnsatisfiable = whenUnsatisfiable,
                LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            },
        ];
        return pod;
    }

    private IEnumerable<string> Reasons(V1Pod pod, params NodeInfo[] nodes)
    {
        var filter = _plugin.PreFilter(new PodInfo(pod), Make.Snapshot(nodes))!;
        return nodes.Select(node => string.Join(',', filter.Filter(node).Reasons));
    }
}
