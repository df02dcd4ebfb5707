using k8s.Models;

using MiniKube.ControllerManager.Apps;
using MiniKube.ControllerManager.Apps.Deployments;

namespace MiniKube.ControllerManager.Tests;

public sealed class ScalePlanTests
{
    [Theory]
    [InlineData(10, 10, 0, "25%", 3)] // 13 in all, 10 old
    [InlineData(10, 13, 3, "25%", 3)] // no room
    [InlineData(10, 8, 3, "25%", 8)]
    [InlineData(10, 3, 12, "25%", 10)] // too many already
    [InlineData(1, 1, 0, "1", 1)]
    public void NewReplicas_OfARollingUpdate_FillsTheSurge(int wanted, int total, int newest, string surge, int expected) =>
        Assert.Equal(expected, ScalePlan.NewReplicas(Deployment(wanted, surge, "0"), total, newest));

    [Theory]
    [InlineData(10, 10, 3, 0, "25%", 8)] // none of the new is available: the old shrink by what may be unavailable
    [InlineData(10, 10, 3, 3, "25%", 5)]
    [InlineData(4, 4, 1, 0, "0", 4)]
    public void ShrinkOld_KeepsEnoughAvailable(int wanted, int old, int newest, int newestAvailable, string maxUnavailable, int expected)
    {
        var deployment = Deployment(wanted, "25%", maxUnavailable);
        var rollout = new Rollout(deployment, [ReplicaSet("old", old, old, "web:1"), ReplicaSet("new", newest, newestAvailable, "web:2")]);

        var left = ScalePlan.ShrinkOld(rollout).Select(change => change.Replicas).DefaultIfEmpty(old).Single();

        Assert.Equal(expected, left);
    }

    [Fact]
    public void ShrinkOld_UnavailablePodsGoFirst()
    {
        var rollout = new Rollout(
            Deployment(4, "1", "1"), [ReplicaSet("broken", 2, 0, "web:0"), ReplicaSet("old", 3, 3, "web:1"), ReplicaSet("new", 0, 0, "web:2")]);

        Assert.Equal([("broken", 0)], ScalePlan.ShrinkOld(rollout).Select(change => (change.ReplicaSet.Metadata.Name, change.Replicas)));
    }

    [Theory]
    [InlineData(20, 10, 5, 13, 7)] // 15 to 20 (with a surge of none), in proportion
    [InlineData(0, 10, 5, 0, 0)]
    public void Proportional_SharesByOldSizes(int wanted, int first, int second, int expectedFirst, int expectedSecond)
    {
        var deployment = Deployment(wanted, "0", "1");
        var sizes = ScalePlan.Proportional(deployment, [Sized("a", first, 15), Sized("b", second, 15)]).ToDictionary(size => size.ReplicaSet.Metadata.Name, size => size.Replicas);

        Assert.Equal((expectedFirst, expectedSecond), (sizes["a"], sizes["b"]));
    }

    [Theory]
    [InlineData("25%", 10, true, 3)]
    [InlineData("25%", 10, false, 2)]
    [InlineData("3", 10, true, 3)]
    public void Scale_OfNumberOrPercentage_Rounds(string value, int total, bool roundUp, int expected) =>
        Assert.Equal(expected, IntOrPercent.Of(value, total, roundUp));

    [Fact]
    public void Hash_IsTheSameForEqualTemplates_AndAnotherAfterACollision()
    {
        var hash = PodTemplates.Hash(Objects.Template("web"), null);

        Assert.Equal(hash, PodTemplates.Hash(Objects.Template("web"), null));
        Assert.NotEqual(hash, PodTemplates.Hash(Objects.Template("web"), 1));
        Assert.Matches("^[bcdfghjklmnpqrstvwxz2456789]+$", hash);
    }

    private static V1Deployment Deployment(int replicas, string surge, string unavailable)
    {
        var deployment = Objects.Deployment("web", replicas, "web:2");
        deployment.Spec.Strategy = new V1DeploymentStrategy
        {
            Type = "RollingUpdate",
            RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = surge, MaxUnavailable = unavailable },
        };
        return deployment;
    }

    private static V1ReplicaSet ReplicaSet(string name, int replicas, int available, string image) => new()
    {
        Metadata = Objects.Meta(name),
        Spec = new V1ReplicaSetSpec { Replicas = replicas, Template = Objects.Template("web", image) },
        Status = new V1ReplicaSetStatus { Replicas = replicas, AvailableReplicas = available },
    };

    private static V1ReplicaSet Sized(string name, int replicas, int max)
    {
        var replicaSet = ReplicaSet(name, replicas, replicas, name);
        replicaSet.Metadata.Annotations = new Dictionary<string, string> { ["deployment.kubernetes.io/max-replicas"] = $"{max}" };
        return replicaSet;
    }
}
