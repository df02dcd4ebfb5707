using k8s.Models;

using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler.Tests.Plugins;

public sealed class ScoreTests
{
    [Fact]
    public void LeastAllocated_IsTheMeanShareLeft()
    {
        // 3 of 4 CPUs and 6 of 8 GiB are left on one, 1 of 4 and 2 of 8 on the other.
        var scores = Score(
            new NodeResourcesFit(),
            Make.Pod("a", "1", "2Gi"),
            new NodeInfo(Make.Node("n1")),
            Make.Node("n2").WithPods(Make.Pod("b", "2", "4Gi")));

        Assert.Equal([75, 25], scores);
    }

    [Fact]
    public void BalancedAllocation_LikeShares_ScoreHighest()
    {
        // Half of both on one; 25 % against 75 % on the other.
        var scores = Score(
            new NodeResourcesBalancedAllocation(),
            Make.Pod("a", "1", "2Gi"),
            Make.Node("n1").WithPods(Make.Pod("b", "1", "2Gi")),
            Make.Node("n2").WithPods(Make.Pod("c", "0", "4Gi")));

        Assert.Equal([100, 75], scores);
    }

    [Fact]
    public void Taints_FewestPreferences_ScoreHighest() => Assert.Equal(
        [0, 100], Score(new TaintToleration(), Make.Pod("a"), new NodeInfo(Make.Tainted("n1", "a", "b", "PreferNoSchedule")), new NodeInfo(Make.Node("n2"))));

    [Fact]
    public void NodeAffinity_PreferredTerms_AddTheirWeights()
    {
        var pod = Make.Pod("a");
        pod.Spec.Affinity = new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity { PreferredDuringSchedulingIgnoredDuringExecution = [Prefer("n1", 10), Prefer("n2", 40)] },
        };

        Assert.Equal([25, 100, 0], Score(
            new NodeAffinity(), pod, new NodeInfo(Make.Node("n1")), new NodeInfo(Make.Node("n2")), new NodeInfo(Make.Node("n3"))));
    }

    [Fact]
    public void ImageLocality_LargeImageThere_ScoresHigher()
    {
        var node = Make.Node("n1");
        node.Status.Images = [new V1ContainerImage { Names = ["busybox:1"], SizeBytes = 900L << 20 }];

        var scores = Score(new ImageLocality(), Make.Pod("a"), new NodeInfo(node), new NodeInfo(Make.Node("n2")));

        // Half the nodes have it: half its size counts.
        Assert.Equal([(450 - 23) * 100 / (1000 - 23), 0], scores);
    }

    private static V1PreferredSchedulingTerm Prefer(string hostname, int weight) => new()
    {
        Weight = weight,
        Preference = new V1NodeSelectorTerm
        {
            MatchExpressions = [new V1NodeSelectorRequirement { Key = "kubernetes.io/hostname", OperatorProperty = "In", Values = [hostname] }],
        },
    };

    private static long[] Score(IScorePlugin plugin, V1Pod pod, params NodeInfo[] nodes)
    {
        var scorer = plugin.PreScore(new PodInfo(pod), nodes, Make.Snapshot(nodes))!;
        var scores = nodes.Select(scorer.Score).ToArray();
        scorer.Normalize(scores);
        return scores;
    }
}
