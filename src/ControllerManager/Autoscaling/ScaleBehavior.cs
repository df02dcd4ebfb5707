using k8s.Models;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>How far replicas may move at once: the policies of a behavior, or upstream's defaults, and the bounds of the autoscaler. Pure.</summary>
internal static class ScaleBehavior
{
    private static readonly V2HPAScalingPolicy[] DefaultUp =
        [new() { Type = "Pods", Value = 4, PeriodSeconds = 15 }, new() { Type = "Percent", Value = 100, PeriodSeconds = 15 }];

    private static readonly V2HPAScalingPolicy[] DefaultDown = [new() { Type = "Percent", Value = 100, PeriodSeconds = 15 }];

    /// <returns>The replicas, with the reason of the condition ScalingLimited; a reason of DesiredWithinRange is none.</returns>
    public static (int Replicas, string Reason, string Message) Limit(
        V2HorizontalPodAutoscalerSpec spec, ScaleHistory history, int current, int wanted, DateTime now)
    {
        var (least, most) = (spec.MinReplicas ?? 1, spec.MaxReplicas);
        if (wanted > current)
        {
            var reachable = Math.Max(current, Up(spec.Behavior?.ScaleUp, history, current, now));
            return wanted > Math.Min(reachable, most)
                ? most <= reachable
                    ? (most, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
                    : (reachable, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate")
                : Within(Math.Max(wanted, least));
        }

        if (wanted < current)
        {
            var reachable = Math.Min(current, Down(spec.Behavior?.ScaleDown, history, current, now));
            return wanted < Math.Max(reachable, least)
                ? least >= reachable
                    ? (least, "TooFewReplicas", "the desired replica count is less than the minimum replica count")
                    : (reachable, "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate")
                : Within(wanted);
        }

        return Within(wanted);
    }

    private static int Up(V2HPAScalingRules? rules, ScaleHistory history, int current, DateTime now) => Choose(
        rules,
        DefaultUp,
        policy =>
        {
            var start = current - history.Added(policy.PeriodSeconds, now);
            return policy.Type == "Pods" ? start + policy.Value : (int)Math.Ceiling(start * (1 + (policy.Value / 100.0)));
        },
        most: true,
        disabled: current);

    private static int Down(V2HPAScalingRules? rules, ScaleHistory history, int current, DateTime now) => Choose(
        rules,
        DefaultDown,
        policy =>
        {
            var start = current + history.Removed(policy.PeriodSeconds, now);
            return policy.Type == "Pods" ? start - policy.Value : (int)(start * (1 - (policy.Value / 100.0)));
        },
        most: false,
        disabled: current);

    private static int Choose(V2HPAScalingRules? rules, V2HPAScalingPolicy[] otherwise, Func<V2HPAScalingPolicy, int> bound, bool most, int disabled)
    {
        var bounds = (rules?.Policies is { Count: > 0 } policies ? policies : otherwise).Select(bound).ToList();
        return rules?.SelectPolicy switch
        {
            "Disabled" => disabled,
            "Min" => most ? bounds.Min() : bounds.Max(),
            _ => most ? bounds.Max() : bounds.Min(),
        };
    }

    private static (int, string, string) Within(int replicas) => (replicas, "DesiredWithinRange", "the desired count is within the acceptable range");
}
