using k8s.Models;

using MiniKube.ControllerManager.Disruption;

namespace MiniKube.ControllerManager.Tests;

public sealed class DisruptionTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("2", null, 3, 3, 2, 1)]
    [InlineData("2", null, 2, 2, 2, 0)]
    [InlineData("5", null, 3, 3, 5, 0)]
    [InlineData("0", null, 3, 3, 0, 3)]
    [InlineData("50%", null, 3, 10, 5, 0)]
    [InlineData("25%", null, 3, 3, 1, 2)]
    [InlineData(null, "1", 3, 3, 2, 1)]
    [InlineData(null, "1", 2, 3, 2, 0)]
    [InlineData(null, "30%", 3, 3, 2, 1)]
    [InlineData(null, "100%", 3, 3, 0, 3)]
    [InlineData(null, "5", 3, 3, 0, 3)]
    public void Status_OfBudget_IsUpstreams(string? minAvailable, string? maxUnavailable, int ready, int expected, int desired, int allowed)
    {
        var budget = Budget(minAvailable, maxUnavailable);
        var pods = Enumerable.Range(0, ready).Select(index => Pod($"p{index}")).ToList();

        var status = DisruptionBudgets.Status(budget, pods, DisruptionBudgets.Need(budget, pods, _ => expected), Now);

        Assert.Equal(desired, status.DesiredHealthy);
        Assert.Equal(allowed, status.DisruptionsAllowed);
        Assert.Equal(ready, status.CurrentHealthy);
        Assert.Equal(7, status.ObservedGeneration);
        Assert.Equal(allowed > 0 ? "SufficientPods" : "InsufficientPods", status.Conditions.Single().Reason);
    }

    [Fact]
    public void Status_EvictedPod_DoesNotCountUntilItsTimeIsOver()
    {
        var budget = Budget("1", null);
        budget = budget with { Status = new V1PodDisruptionBudgetStatus { DisruptedPods = new Dictionary<string, DateTime?> { ["p0"] = Now, ["gone"] = Now } } };
        V1Pod[] pods = [Pod("p0"), Pod("p1")];
        var need = DisruptionBudgets.Need(budget, pods, _ => 2);

        var soon = DisruptionBudgets.Status(budget, pods, need, Now.AddSeconds(1));
        var later = DisruptionBudgets.Status(budget, pods, need, Now.AddMinutes(3));

        Assert.Equal<(int?, int?)>((1, 0), (soon.CurrentHealthy, soon.DisruptionsAllowed));
        Assert.Equal(["p0"], soon.DisruptedPods.Keys);
        Assert.Equal(TimeSpan.FromSeconds(119), DisruptionBudgets.UntilForgotten(soon, Now.AddSeconds(1)));
        Assert.Equal<(int?, int?)>((2, 1), (later.CurrentHealthy, later.DisruptionsAllowed));
        Assert.Null(later.DisruptedPods);
    }

    [Fact]
    public void Status_DeletedOrUnready_IsNotHealthy()
    {
        var budget = Budget("1", null);
        V1Pod[] pods = [Pod("a", ready: false), Pod("b") with { Metadata = new V1ObjectMeta { Name = "b", DeletionTimestamp = Now } }, Pod("c")];

        var status = DisruptionBudgets.Status(budget, pods, DisruptionBudgets.Need(budget, pods, _ => 3), Now);

        Assert.Equal(1, status.CurrentHealthy);
        Assert.Equal(0, status.DisruptionsAllowed);
    }

    [Fact]
    public async Task Budget_OfReplicaSetsPods_FollowsThem()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateAsync(Objects.Deployment("web", 3));
        await cluster.CreateAsync(new V1PodDisruptionBudget
        {
            ApiVersion = "policy/v1",
            Kind = "PodDisruptionBudget",
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default" },
            Spec = new V1PodDisruptionBudgetSpec
            {
                MaxUnavailable = "34%",
                Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            },
        });

        // A third of three, rounded up.
        var budget = await cluster.WhileRunningPodsAsync<V1PodDisruptionBudget>("web", found => found?.Status?.CurrentHealthy == 3);

        Assert.Equal(3, budget?.Status.ExpectedPods);
        Assert.Equal(1, budget?.Status.DesiredHealthy);
        Assert.Equal(2, budget?.Status.DisruptionsAllowed);
        Assert.Equal("SufficientPods", budget?.Status.Conditions.Single().Reason);
    }

    [Fact]
    public async Task Budget_OfPodsWhoseScaleNobodyKnows_AllowsNothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        var owner = new V1OwnerReference { ApiVersion = "batch/v1", Kind = "Job", Name = "j", Uid = "11111111-1111-1111-1111-111111111111", Controller = true };
        await cluster.CreateAsync(Pod("p") with
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "default", Labels = new Dictionary<string, string> { ["app"] = "j" }, OwnerReferences = [owner], Finalizers = ["example.com/keep"] },
            Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "i" }] },
        });
        await cluster.CreateAsync(Budget(null, "1") with
        {
            Metadata = new V1ObjectMeta { Name = "b", NamespaceProperty = "default" },
        });

        var budget = await cluster.EventuallyAsync<V1PodDisruptionBudget>("b", found => found?.Status?.Conditions is { Count: > 0 } conditions && conditions.Single().Reason == "SyncFailed");

        Assert.Equal(0, budget?.Status.DisruptionsAllowed);
    }

    private static V1PodDisruptionBudget Budget(string? minAvailable, string? maxUnavailable) => new()
    {
        ApiVersion = "policy/v1",
        Kind = "PodDisruptionBudget",
        Metadata = new V1ObjectMeta { Name = "b", Generation = 7 },
        Spec = new V1PodDisruptionBudgetSpec
        {
            MinAvailable = minAvailable,
            MaxUnavailable = maxUnavailable,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "j" } },
        },
    };

    private static V1Pod Pod(string name, bool ready = true) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Status = new V1PodStatus { Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False" }] },
    };
}
