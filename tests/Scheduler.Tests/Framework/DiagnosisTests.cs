using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Tests.Framework;

public sealed class DiagnosisTests
{
    private static readonly NodeInfo Node = new(Make.Node("a"));

    [Fact]
    public void Message_SeveralReasons_AreCountedAndSorted()
    {
        var taint = new NodeRejection(Node, PluginStatus.Unresolvable("node(s) had untolerated taint {a: b}"), "TaintToleration");
        var cpu = new NodeRejection(Node, PluginStatus.Unschedulable("Insufficient cpu"), "NodeResourcesFit");
        var diagnosis = new Diagnosis(3, [taint, cpu, taint]) { PostFilterMessage = "preemption: 0/3 nodes are available: 3 x." };

        Assert.Equal(
            "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}. preemption: 0/3 nodes are available: 3 x.",
            diagnosis.Message);
    }

    [Fact]
    public void Message_NodesThatWereNotLookedAt_AreCountedToThePluginsThatRuledThemOut()
    {
        var diagnosis = new Diagnosis(2, [new NodeRejection(Node, PluginStatus.Unschedulable("Too many pods"), "NodeResourcesFit")])
        {
            LimitingPlugins = ["NodeAffinity"],
        };

        Assert.Equal("0/2 nodes are available: 1 Too many pods, 1 node(s) didn't satisfy plugin(s) [NodeAffinity].", diagnosis.Message);
        Assert.Equal(["NodeAffinity", "NodeResourcesFit"], diagnosis.Plugins.Order());
    }

    [Fact]
    public void Message_NoNode_SaysSo() => Assert.Equal("no nodes available to schedule pods", new Diagnosis(0, []).Message);
}
