using k8s.Models;

using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler.Tests.Plugins;

public sealed class InterPodAffinityTests
{
    private const string Zone = "zone";

    private readonly InterPodAffinity _plugin = new(Make.Namespaces(("other", "team", "x")));

    [Fact]
    public void Affinity_OnlyWhereTheOtherIs()
    {
        var pod = Wanting("a", "web", anti: false);
        var near = Node("n1", "z1").WithPods(Labelled("web", "web"));
        var sameZone = Node("n2", "z1").WithPods();
        var far = Node("n3", "z2").WithPods();

        Assert.Equal(
            ["", "", "node(s) didn't match pod affinity rules"], Reasons(pod, near, sameZone, far));
    }

    [Fact]
    public void Affinity_FirstOfItsGroup_MayGoAnywhere()
    {
        var pod = Wanting("a", "web", anti: false);
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "web" };

        Assert.Equal([""], Reasons(pod, Node("n1", "z1").WithPods()));
    }

    [Fact]
    public void Affinity_NobodyToJoin_Fails() =>
        Assert.Equal(["node(s) didn't match pod affinity rules"], Reasons(Wanting("a", "web", anti: false), Node("n1", "z1").WithPods()));

    [Fact]
    public void AntiAffinity_NotWhereTheOtherIs() => Assert.Equal(
        ["node(s) didn't match pod anti-affinity rules", ""],
        Reasons(Wanting("a", "web", anti: true), Node("n1", "z1").WithPods(Labelled("w", "web")), Node("n2", "z2").WithPods()));

    [Fact]
    public void AntiAffinity_OfAPodThatRuns_Counts() => Assert.Equal(
        ["node(s) didn't satisfy existing pods anti-affinity rules", ""],
        Reasons(Labelled("w", "web"), Node("n1", "z1").WithPods(Wanting("a", "web", anti: true)), Node("n2", "z2").WithPods()));

    [Fact]
    public void Terms_NamespaceSelector_ByLabelsOfTheNamespace()
    {
        var other = Labelled("w", "web");
        other.Metadata.NamespaceProperty = "other";
        var pod = Wanting("a", "web", anti: true);
        Assert.Equal([""], Reasons(pod, Node("n1", "z1").WithPods(other)));

        pod.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0].NamespaceSelector =
            new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["team"] = "x" } };
        Assert.Equal(["node(s) didn't match pod anti-affinity rules"], Reasons(pod, Node("n1", "z1").WithPods(other)));
    }

    [Fact]
    public void With_TheOtherGone_Passes()
    {
        var node = Node("n1", "z1").WithPods(Labelled("w", "web"));
        var filter = _plugin.PreFilter(new PodInfo(Wanting("a", "web", anti: true)), Make.Snapshot(node))!;
        Assert.False(filter.Filter(node).IsSuccess);

        var without = node.WithoutPod("uid-w");

        Assert.True(filter.With(node, without).Filter(without).IsSuccess);
    }

    [Fact]
    public void Score_PreferencesOfBothSides_AreAdded()
    {
        var pod = Labelled("a", "api");
        pod.Spec.Affinity = new V1Affinity { PodAffinity = new V1PodAffinity { PreferredDuringSchedulingIgnoredDuringExecution = [Weighted("web", 10)] } };
        var shy = Labelled("s", "shy");
        shy.Spec.Affinity = new V1Affinity { PodAntiAffinity = new V1PodAntiAffinity { PreferredDuringSchedulingIgnoredDuringExecution = [Weighted("api", 10)] } };
        NodeInfo[] nodes = [Node("n1", "z1").WithPods(Labelled("w", "web")), Node("n2", "z2").WithPods(shy), Node("n3", "z3").WithPods()];

        var scorer = _plugin.PreScore(new PodInfo(pod), nodes, Make.Snapshot(nodes))!;
        var scores = nodes.Select(scorer.Score).ToArray();
        scorer.Normalize(scores);

        Assert.Equal([100, 0, 50], scores);
    }

    private static V1Node Node(string name, string zone)
    {
        var node = Make.Node(name);
        node.Metadata.Labels[Zone] = zone;
        return node;
    }

    private static V1Pod Labelled(string name, string app)
    {
        var pod = Make.Pod(name);
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = app };
        return pod;
    }

    private static V1Pod Wanting(string name, string app, bool anti)
    {
        var pod = Make.Pod(name);
        pod.Spec.Affinity = anti
            ? new V1Affinity { PodAntiAffinity = new V1PodAntiAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term(app)] } }
            : new V1Affinity { PodAffinity = new V1PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term(app)] } };
        return pod;
    }

    private static V1PodAffinityTerm Term(string app) => new()
    {
        TopologyKey = Zone,
        LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = app } },
    };

    private static V1WeightedPodAffinityTerm Weighted(string app, int weight) => new() { Weight = weight, PodAffinityTerm = Term(app) };

    private IEnumerable<string> Reasons(V1Pod pod, params NodeInfo[] nodes)
    {
        var filter = _plugin.PreFilter(new PodInfo(pod), Make.Snapshot(nodes));
        return nodes.Select(node => string.Join(',', filter?.Filter(node).Reasons ?? []));
    }
}
