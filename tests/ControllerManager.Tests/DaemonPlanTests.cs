using k8s.Models;

using MiniKube.ControllerManager.Apps.DaemonSets;

namespace MiniKube.ControllerManager.Tests;

public sealed class DaemonPlanTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData("node.kubernetes.io/unschedulable", "NoSchedule", true, true)] // daemons tolerate it
    [InlineData("node.kubernetes.io/not-ready", "NoExecute", true, true)]
    [InlineData("node.kubernetes.io/not-ready", "NoSchedule", false, true)]
    [InlineData("dedicated", "NoSchedule", false, true)]
    [InlineData("dedicated", "PreferNoSchedule", true, true)]
    [InlineData("dedicated", "NoExecute", false, false)]
    public void Fit_ByTaint_IsUpstreams(string? taint, string? effect, bool shouldRun, bool mayContinue)
    {
        var node = Node("a");
        node.Spec = new V1NodeSpec { Taints = taint is null ? null : [new V1Taint { Key = taint, Effect = effect }] };

        Assert.Equal(new NodeFit(shouldRun, mayContinue), NodeFit.Of(DaemonSet(), node));
    }

    [Fact]
    public void Fit_NodeThatIsNotChosen_RunsNothing()
    {
        var daemonSet = DaemonSet();
        daemonSet.Spec.Template.Spec.NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" };
        var chosen = Node("a");
        chosen.Metadata.Labels = new Dictionary<string, string> { ["disk"] = "ssd" };

        Assert.Equal(new NodeFit(false, false), NodeFit.Of(daemonSet, Node("b")));
        Assert.Equal(new NodeFit(true, true), NodeFit.Of(daemonSet, chosen));
    }

    [Fact]
    public void Plan_MakesWhatLacks_AndDeletesWhatIsTooMuch()
    {
        var cordoned = Node("gone-bad");
        cordoned.Spec = new V1NodeSpec { Taints = [new V1Taint { Key = "out", Effect = "NoExecute" }] };
        var state = new DaemonState(
            DaemonSet(),
            [Node("empty"), Node("one"), Node("two"), cordoned, Node("ended")],
            [
                Pod("one-1", "one"),
                Pod("two-young", "two", age: 1), Pod("two-old", "two", age: 9), Pod("two-waits", "two", age: 20, bound: false),
                Pod("bad", "gone-bad"),
                Pod("unbound", "not-there", bound: false), Pod("lost", "not-there"),
                Pod("failed", "ended", phase: "Failed"),
            ],
            "h1",
            Now);
        var plan = new DaemonPlan(state);

        var changes = plan.Compute();

        Assert.Equal(["empty"], changes.Create);
        // The bound one of longest stays; a bound pod of a node that is gone is the pod garbage collector's.
        Assert.Equal(["bad", "two-waits", "two-young", "unbound"], changes.Delete.Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal));
        Assert.Equal([("ended", "failed")], plan.Ended.Select(entry => (entry.Node, entry.Pod.Metadata.Name)));
    }

    [Theory]
    [InlineData("1", 0, "old-a")] // one at a time
    [InlineData("2", 0, "old-a,old-b")]
    [InlineData("50%", 0, "old-a,old-b")] // of three, rounded up
    [InlineData("1", 1, "old-c")] // what is not available goes at once, and takes the place of the next
    public void Update_WithoutSurge_KeepsEnoughAvailable(string maxUnavailable, int broken, string expected)
    {
        var daemonSet = DaemonSet(maxUnavailable, "0");
        V1Pod[] pods = [Pod("old-a", "a", "h0"), Pod("old-b", "b", "h0"), Pod("old-c", "c", "h0", ready: broken == 0)];

        var changes = DaemonUpdate.Compute(new DaemonState(daemonSet, [Node("a"), Node("b"), Node("c")], pods, "h1", Now));

        Assert.Empty(changes.Create);
        Assert.Equal(expected.Split(','), changes.Delete.Select(pod => pod.Metadata.Name));
    }

    [Fact]
    public void Update_WithoutSurge_WaitsForNewPodsThatAreNotAvailable()
    {
        var daemonSet = DaemonSet("1", "0");
        daemonSet.Spec.MinReadySeconds = 10;
        V1Pod[] pods = [Pod("new-a", "a", "h1", readyFor: 9), Pod("old-b", "b", "h0", readyFor: 100)];

        Assert.Empty(DaemonUpdate.Compute(new DaemonState(daemonSet, [Node("a"), Node("b")], pods, "h1", Now)).Delete);
        Assert.Single(DaemonUpdate.Compute(new DaemonState(daemonSet, [Node("a"), Node("b")], pods, "h1", Now.AddSeconds(1))).Delete);
    }

    [Fact]
    public void Update_WithSurge_MakesTheNewPodFirst_AndThenTheOldOneGoes()
    {
        var daemonSet = DaemonSet("0", "1");
        V1Node[] nodes = [Node("a"), Node("b")];
        V1Pod[] old = [Pod("old-a", "a", "h0"), Pod("old-b", "b", "h0")];

        var first = DaemonUpdate.Compute(new DaemonState(daemonSet, nodes, old, "h1", Now));
        var waiting = DaemonUpdate.Compute(new DaemonState(daemonSet, nodes, [.. old, Pod("new-a", "a", "h1", ready: false)], "h1", Now));
        var second = DaemonUpdate.Compute(new DaemonState(daemonSet, nodes, [.. old, Pod("new-a", "a", "h1")], "h1", Now));

        Assert.Equal(["a"], first.Create);
        Assert.Empty(first.Delete);
        Assert.Empty(waiting.Create);
        Assert.Empty(waiting.Delete);
        Assert.Equal(["b"], second.Create);
        Assert.Equal(["old-a"], second.Delete.Select(pod => pod.Metadata.Name));
    }

    [Fact]
    public void Template_OfADaemon_NamesItsNodeAndToleratesItsTroubles()
    {
        var daemonSet = DaemonSet();
        daemonSet.Metadata.Annotations = new Dictionary<string, string> { ["deprecated.daemonset.template.generation"] = "3" };

        var template = DaemonPodTemplate.For(DaemonPodTemplate.Of(daemonSet, "h1"), "a");
        var pod = new V1Pod { Metadata = template.Metadata, Spec = template.Spec };

        Assert.Equal("a", DaemonPodTemplate.TargetNode(pod));
        Assert.Equal("h1", pod.Metadata.Labels["controller-revision-hash"]);
        Assert.Equal("3", pod.Metadata.Labels["pod-template-generation"]);
        Assert.Equal(6, pod.Spec.Tolerations.Count);
        Assert.Null(daemonSet.Spec.Template.Spec.Affinity);
    }

    private static V1DaemonSet DaemonSet(string maxUnavailable = "1", string maxSurge = "0") => Objects.DaemonSet("agent") with
    {
        Spec = Objects.DaemonSet("agent").Spec with
        {
            UpdateStrategy = new V1DaemonSetUpdateStrategy
            {
                Type = "RollingUpdate",
                RollingUpdate = new V1RollingUpdateDaemonSet { MaxUnavailable = maxUnavailable, MaxSurge = maxSurge },
            },
        },
    };

    private static V1Node Node(string name) => new() { Metadata = new V1ObjectMeta { Name = name } };

    private static V1Pod Pod(
        string name, string node, string hash = "h1", int age = 5, bool bound = true, bool ready = true, string phase = "Running", int readyFor = 60)
    {
        var template = DaemonPodTemplate.For(DaemonPodTemplate.Of(Objects.DaemonSet("agent"), hash), node);
        return new V1Pod
        {
            Metadata = template.Metadata with { Name = name, NamespaceProperty = "default", CreationTimestamp = Now.AddMinutes(-age) },
            Spec = template.Spec with { NodeName = bound ? node : null },
            Status = new V1PodStatus
            {
                Phase = phase,
                Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = Now.AddSeconds(-readyFor) }],
            },
        };
    }
}
