using k8s.Models;

using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler.Tests.Plugins;

/// <summary>What each filter refuses, and with which words.</summary>
public sealed class FilterTests
{
    [Fact]
    public void Fit_FullNode_TooManyPods() =>
        Assert.Equal(["Too many pods"], Reasons(new NodeResourcesFit(), Make.Pod("a"), Make.Node("n", pods: "1").WithPods(Make.Pod("b"))));

    [Fact]
    public void Fit_SeveralResourcesShort_NamesAll()
    {
        var pod = Make.Pod("a", "8", "16Gi");
        pod.Spec.Containers[0].Resources.Requests["example.com/gpu"] = new ResourceQuantity("1");

        Assert.Equal(
            ["Insufficient cpu", "Insufficient memory", "Insufficient example.com/gpu"],
            Reasons(new NodeResourcesFit(), pod, new NodeInfo(Make.Node("n"))));
    }

    [Fact]
    public void Fit_ExactlyEnough_Passes() =>
        Assert.Empty(Reasons(new NodeResourcesFit(), Make.Pod("a", "3"), Make.Node("n").WithPods(Make.Pod("b", "1"))));

    [Theory]
    [InlineData("2", StatusCode.Unschedulable)]
    [InlineData("5", StatusCode.UnschedulableAndUnresolvable)]
    public void Fit_MoreThanTheNodeHas_NoPreemptionHelps(string cpu, object code)
    {
        var filter = new NodeResourcesFit().PreFilter(new PodInfo(Make.Pod("a", cpu)), new Snapshot());

        Assert.Equal(code, filter!.Filter(Make.Node("n").WithPods(Make.Pod("b", "3"))).Code);
    }

    [Theory]
    [InlineData("a", "Equal", "b", "NoSchedule", true)]
    [InlineData("a", "", "b", "", true)]
    [InlineData("a", "Exists", null, "", true)]
    [InlineData("", "Exists", null, "", true)]
    [InlineData("a", "Equal", "c", "", false)]
    [InlineData("a", "Equal", "b", "NoExecute", false)]
    [InlineData("x", "Exists", null, "", false)]
    public void Taint_Toleration_ByKeyValueAndEffect(string key, string op, string? value, string effect, bool passes)
    {
        var pod = Make.Pod("a");
        pod.Spec.Tolerations = [new V1Toleration { Key = key, OperatorProperty = op, Value = value, Effect = effect }];

        var reasons = Reasons(new TaintToleration(), pod, new NodeInfo(Make.Tainted("n", "a", "b")));

        Assert.Equal(passes ? [] : ["node(s) had untolerated taint {a: b}"], reasons);
    }

    [Fact]
    public void Taint_OnlyPreferred_Passes() =>
        Assert.Empty(Reasons(new TaintToleration(), Make.Pod("a"), new NodeInfo(Make.Tainted("n", "a", "b", "PreferNoSchedule"))));

    [Fact]
    public void NodeName_Another_IsRefused() => Assert.Equal(
        ["node(s) didn't match the requested node name"], Reasons(new NodeName(), Make.Pod("a", node: "m"), new NodeInfo(Make.Node("n"))));

    [Theory]
    [InlineData("TCP", "0.0.0.0", 80, false)]
    [InlineData("TCP", "10.0.0.1", 80, false)]
    [InlineData("UDP", "", 80, true)]
    [InlineData("TCP", "", 81, true)]
    public void NodePorts_Taken_AreRefused(string protocol, string address, int port, bool passes)
    {
        var reasons = Reasons(new NodePorts(), WithPort("a", protocol, address, port), Make.Node("n").WithPods(WithPort("b", "TCP", "", 80)));

        Assert.Equal(passes ? [] : ["node(s) didn't have free ports for the requested pod ports"], reasons);
    }

    [Fact]
    public void NodePorts_OtherAddress_Passes() => Assert.Empty(Reasons(
        new NodePorts(), WithPort("a", "TCP", "10.0.0.1", 80), Make.Node("n").WithPods(WithPort("b", "TCP", "10.0.0.2", 80))));

    [Fact]
    public void NodeSelector_MissingLabel_IsRefused()
    {
        var pod = Make.Pod("a");
        pod.Spec.NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" };

        Assert.Equal(["node(s) didn't match Pod's node affinity/selector"], Reasons(new NodeAffinity(), pod, new NodeInfo(Make.Node("n"))));
    }

    [Theory]
    [InlineData("In", "5", true)]
    [InlineData("In", "6", false)]
    [InlineData("NotIn", "6", true)]
    [InlineData("NotIn", "5", false)]
    [InlineData("Exists", null, true)]
    [InlineData("DoesNotExist", null, false)]
    [InlineData("Gt", "4", true)]
    [InlineData("Gt", "5", false)]
    [InlineData("Lt", "6", true)]
    [InlineData("Lt", "x", false)]
    public void NodeAffinity_Operators(string op, string? value, bool passes)
    {
        var node = Make.Node("n");
        node.Metadata.Labels["size"] = "5";
        var pod = Make.Pod("a");
        pod.Spec.Affinity = new V1Affinity { NodeAffinity = new V1NodeAffinity { RequiredDuringSchedulingIgnoredDuringExecution = Term(op, value) } };

        Assert.Equal(passes, Reasons(new NodeAffinity(), pod, new NodeInfo(node)).Count == 0);
    }

    [Fact]
    public void Unschedulable_Tolerated_Passes()
    {
        var node = Make.Node("n");
        node.Spec.Unschedulable = true;
        var pod = Make.Pod("a");
        Assert.Equal(["node(s) were unschedulable"], Reasons(new NodeUnschedulable(), pod, new NodeInfo(node)));

        pod.Spec.Tolerations = [new V1Toleration { Key = "node.kubernetes.io/unschedulable", OperatorProperty = "Exists" }];
        Assert.Empty(Reasons(new NodeUnschedulable(), pod, new NodeInfo(node)));
    }

    private static V1NodeSelector Term(string op, string? value) => new()
    {
        NodeSelectorTerms =
        [
            new V1NodeSelectorTerm
            {
                MatchExpressions = [new V1NodeSelectorRequirement { Key = "size", OperatorProperty = op, Values = value is null ? null : [value] }],
            },
        ],
    };

    private static V1Pod WithPort(string name, string protocol, string address, int port)
    {
        var pod = Make.Pod(name);
        pod.Spec.Containers[0].Ports = [new V1ContainerPort { ContainerPort = 1, HostPort = port, Protocol = protocol, HostIP = address }];
        return pod;
    }

    private static IReadOnlyList<string> Reasons(IFilterPlugin plugin, V1Pod pod, NodeInfo node) =>
        plugin.PreFilter(new PodInfo(pod), Make.Snapshot(node))?.Filter(node).Reasons ?? [];
}
