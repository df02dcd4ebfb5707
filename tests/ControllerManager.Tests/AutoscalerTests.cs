using k8s.Models;

using MiniKube.ControllerManager.Autoscaling;

namespace MiniKube.ControllerManager.Tests;

public sealed class AutoscalerTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(50, 3, 3)] // 150m of 300m requested: as wanted
    [InlineData(54, 3, 3)] // within a tenth
    [InlineData(60, 3, 4)]
    [InlineData(100, 3, 6)]
    [InlineData(10, 3, 1)]
    public void Utilization_MovesReplicasInProportion(int used, int pods, int expected)
    {
        var calculator = new ReplicaCalculator(Pods(pods), Usage(pods, used), Now);

        var (replicas, utilization, average) = calculator.ByUtilization("cpu", null, 50, pods);

        Assert.Equal(expected, replicas);
        Assert.Equal(used, utilization);
        Assert.Equal(used, average);
    }

    [Fact]
    public void Utilization_WithoutRequests_SaysWhichContainer()
    {
        var pods = Pods(1);
        pods[0].Spec.Containers[0].Resources = null;

        var failure = Assert.Throws<InvalidOperationException>(() => new ReplicaCalculator(pods, Usage(1, 50), Now).ByUtilization("cpu", null, 50, 1));
        Assert.Equal("missing request for cpu in container web of Pod p0", failure.Message);
    }

    [Fact]
    public void PodsWithoutMetrics_HoldAChangeBack()
    {
        // Two of three at 100 %, the third unknown: taken for idle when it would be more, and 67 % instead of 100 calls for 4 of 50.
        Assert.Equal(4, new ReplicaCalculator(Pods(3), Usage(2, 100), Now).ByUtilization("cpu", null, 50, 3).Replicas);
        // Two of three at 10 %: the third taken for busy, and 40 % calls for 3.
        Assert.Equal(3, new ReplicaCalculator(Pods(3), Usage(2, 10), Now).ByUtilization("cpu", null, 50, 3).Replicas);
    }

    [Fact]
    public void PodsThatStart_DoNotCallForMore()
    {
        var pods = Pods(3);
        pods[2].Status.StartTime = Now.AddSeconds(-10);
        pods[2].Status.Conditions[0].Status = "False";

        // 100 % of two, the third idle: 67 % calls for 4, not the 6 that all three would call for.
        Assert.Equal(4, new ReplicaCalculator(pods, Usage(3, 100), Now).ByUtilization("cpu", null, 50, 3).Replicas);
        // Memory is not used by starting.
        Assert.Equal(6, new ReplicaCalculator(pods, Usage(3, 100), Now).ByAverage("memory", 50, 3).Replicas);
    }

    [Theory]
    [InlineData(1, 100, 10, 5, "ScaleUpLimit")] // four more, or twice as many
    [InlineData(10, 100, 50, 20, "ScaleUpLimit")]
    [InlineData(10, 100, 15, 15, "TooManyReplicas")]
    [InlineData(10, 12, 15, 12, "DesiredWithinRange")]
    [InlineData(10, 1, 15, 2, "TooFewReplicas")]
    [InlineData(10, 3, 15, 3, "DesiredWithinRange")]
    public void Limit_ByDefault_IsUpstreams(int current, int wanted, int most, int expected, string reason)
    {
        var spec = new V2HorizontalPodAutoscalerSpec { MinReplicas = 2, MaxReplicas = most };

        var (replicas, why, _) = ScaleBehavior.Limit(spec, new ScaleHistory(TimeSpan.FromMinutes(5)), current, wanted, Now);

        Assert.Equal((expected, reason), (replicas, why));
    }

    [Fact]
    public void Limit_ByPolicy_CountsWhatWasDoneWithinItsPeriod()
    {
        var spec = new V2HorizontalPodAutoscalerSpec
        {
            MaxReplicas = 100,
            Behavior = new V2HorizontalPodAutoscalerBehavior
            {
                ScaleUp = new V2HPAScalingRules { Policies = [new V2HPAScalingPolicy { Type = "Pods", Value = 5, PeriodSeconds = 60 }] },
                ScaleDown = new V2HPAScalingRules { SelectPolicy = "Disabled" },
            },
        };
        var history = new ScaleHistory(TimeSpan.FromMinutes(5));
        history.Changed(10, 13, Now.AddSeconds(-30));

        Assert.Equal(15, ScaleBehavior.Limit(spec, history, 13, 50, Now).Replicas);
        Assert.Equal(18, ScaleBehavior.Limit(spec, history, 13, 50, Now.AddSeconds(31)).Replicas);
        Assert.Equal(13, ScaleBehavior.Limit(spec, history, 13, 1, Now).Replicas);
    }

    [Fact]
    public void Stabilize_GoesDownOnlyWhenItWasWantedForFiveMinutes()
    {
        var history = new ScaleHistory(TimeSpan.FromMinutes(5));

        Assert.Equal(8, history.Stabilize(null, 5, 8, Now).Replicas);
        var held = history.Stabilize(null, 8, 2, Now.AddSeconds(299));
        Assert.Equal((8, "ScaleDownStabilized"), (held.Replicas, held.Reason));
        var free = history.Stabilize(null, 8, 2, Now.AddSeconds(300));
        Assert.Equal((2, "ReadyForNewScale"), (free.Replicas, free.Reason));
    }

    [Fact]
    public async Task WithoutMetrics_TheAutoscalerSaysSo_AndItsBoundsHold()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false", "--horizontal-pod-autoscaler-sync-period=1s");
        await cluster.CreateAsync(Objects.Deployment("web", 1));
        await cluster.CreateAsync(new V2HorizontalPodAutoscaler
        {
            ApiVersion = "autoscaling/v2",
            Kind = "HorizontalPodAutoscaler",
            Metadata = Objects.Meta("web"),
            Spec = new V2HorizontalPodAutoscalerSpec
            {
                ScaleTargetRef = new V2CrossVersionObjectReference { ApiVersion = "apps/v1", Kind = "Deployment", Name = "web" },
                MinReplicas = 2,
                MaxReplicas = 4,
                Metrics =
                [
                    new V2MetricSpec { Type = "Resource", Resource = new V2ResourceMetricSource { Name = "cpu", Target = new V2MetricTarget { Type = "Utilization", AverageUtilization = 50 } } },
                ],
            },
        });

        await cluster.EventuallyAsync<V1Deployment>("web", deployment => deployment?.Spec.Replicas == 2);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e =>
            e.Message == "New size: 2; reason: Current number of replicas below Spec.MinReplicas" && e.Source.Component == "horizontal-pod-autoscaler"));
        var autoscaler = await cluster.EventuallyAsync<V2HorizontalPodAutoscaler>(
            "web", found => found?.Status?.Conditions?.Any(condition => condition is { Type: "ScalingActive", Status: "False" }) == true);
        var condition = autoscaler?.Status.Conditions.Single(one => one.Type == "ScalingActive");
        Assert.Equal("FailedGetResourceMetric", condition?.Reason);
        Assert.StartsWith(
            "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API",
            condition?.Message,
            StringComparison.Ordinal);
    }

    private static List<V1Pod> Pods(int count) =>
    [
        .. Enumerable.Range(0, count).Select(index => new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = $"p{index}" },
            Spec = new V1PodSpec
            {
                Containers =
                [
                    new V1Container
                    {
                        Name = "web",
                        Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("100m"), ["memory"] = new("100") } },
                    },
                ],
            },
            Status = new V1PodStatus
            {
                Phase = "Running",
                StartTime = Now.AddHours(-1),
                Conditions = [new V1PodCondition { Type = "Ready", Status = "True", LastTransitionTime = Now.AddHours(-1) }],
            },
        }),
    ];

    // In percent of the 100m, or in thousandths of a byte, that each requests.
    private static Dictionary<string, PodUsage> Usage(int count, int used) => Enumerable.Range(0, count)
        .ToDictionary(index => $"p{index}", _ => new PodUsage(used, Now, TimeSpan.FromSeconds(30)));
}
