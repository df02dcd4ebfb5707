using System.Globalization;

using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Disruption;

/// <summary>The arithmetic of PodDisruptionBudgets. Pure; rules and reasons are upstream's.</summary>
internal static class DisruptionBudgets
{
    /// <summary>How long an eviction may take before its pod counts again.</summary>
    public static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    private const string DisruptionAllowed = "DisruptionAllowed";

    /// <param name="budget">The budget.</param>
    /// <param name="pods">The pods that it chooses.</param>
    /// <param name="expectedScale">How many pods the controllers of these want. Throws InvalidOperationException when that cannot be known.</param>
    public static DisruptionNeed Need(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, Func<IReadOnlyList<V1Pod>, int> expectedScale)
    {
        if (budget.Spec?.MaxUnavailable?.Value is { Length: > 0 } unavailable)
        {
            var expected = expectedScale(pods);
            return new DisruptionNeed(expected, Math.Max(0, expected - Scaled(unavailable, expected)));
        }

        if (budget.Spec?.MinAvailable?.Value is not { Length: > 0 } available)
        {
            return default;
        }

        if (!IsPercentage(available))
        {
            return new DisruptionNeed(pods.Count, Scaled(available, pods.Count));
        }

        var wanted = expectedScale(pods);
        return new DisruptionNeed(wanted, Scaled(available, wanted));
    }

    public static V1PodDisruptionBudgetStatus Status(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, DisruptionNeed need, DateTime now)
    {
        var disrupted = Disrupted(budget, pods, now);
        var healthy = pods.Count(pod => pod.Metadata?.DeletionTimestamp is null && !disrupted.ContainsKey(pod.Metadata?.Name ?? "") && pod.IsReady());
        var allowed = need.Expected <= 0 ? 0 : Math.Max(0, healthy - need.Healthy);
        var status = new V1PodDisruptionBudgetStatus
        {
            CurrentHealthy = healthy,
            DesiredHealthy = need.Healthy,
            ExpectedPods = need.Expected,
            DisruptionsAllowed = allowed,
            DisruptedPods = disrupted.Count == 0 ? null : disrupted,
            ObservedGeneration = budget.Metadata?.Generation,
        };
        return WithCondition(budget, status, allowed > 0 ? ("True", "SufficientPods", "") : ("False", "InsufficientPods", ""), now);
    }

    /// <summary>Fails safe: nothing may be disrupted while it is not known what the budget asks for.</summary>
    public static V1PodDisruptionBudgetStatus Failed(V1PodDisruptionBudget budget, string why, DateTime now) => WithCondition(
        budget,
        (budget.Status ?? new V1PodDisruptionBudgetStatus()) with { DisruptionsAllowed = 0, ObservedGeneration = budget.Metadata?.Generation },
        ("False", "SyncFailed", why),
        now);

    /// <summary>When the next eviction that came to nothing is to be forgotten; null when there is none.</summary>
    public static TimeSpan? UntilForgotten(V1PodDisruptionBudgetStatus status, DateTime now) => status.DisruptedPods is { Count: > 0 } disrupted
        ? TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, ((disrupted.Values.Min() ?? now) + DeletionTimeout - now).Ticks))
        : null;

    public static bool IsSame(V1PodDisruptionBudgetStatus old, V1PodDisruptionBudgetStatus status) =>
        (old.CurrentHealthy, old.DesiredHealthy, old.ExpectedPods, old.DisruptionsAllowed, old.ObservedGeneration)
            == (status.CurrentHealthy, status.DesiredHealthy, status.ExpectedPods, status.DisruptionsAllowed, status.ObservedGeneration)
        && (old.DisruptedPods?.Keys ?? []).Order(StringComparer.Ordinal).SequenceEqual((status.DisruptedPods?.Keys ?? []).Order(StringComparer.Ordinal))
        && Told(old) == Told(status);

    // Pods whose eviction has been granted and that still stand there: they go, or time makes them count again.
    private static Dictionary<string, DateTime?> Disrupted(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, DateTime now)
    {
        var disrupted = new Dictionary<string, DateTime?>();
        foreach (var pod in pods)
        {
            if (pod.Metadata is { DeletionTimestamp: null, Name: { } name }
                && budget.Status?.DisruptedPods is { } granted
                && granted.TryGetValue(name, out var time)
                && time + DeletionTimeout > now)
            {
                disrupted[name] = time;
            }
        }

        return disrupted;
    }

    private static bool IsPercentage(string value) => value.EndsWith('%');

    /// <summary>Rounded up, for both bounds: upstream would rather keep one pod more.</summary>
    private static int Scaled(string value, int total) => IsPercentage(value)
        ? (int)Math.Ceiling(Number(value[..^1]) * (double)total / 100)
        : Number(value);

    private static int Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidOperationException($"invalid value for IntOrString: \"{text}\" is neither a number nor a percentage");

    private static V1PodDisruptionBudgetStatus WithCondition(
        V1PodDisruptionBudget budget, V1PodDisruptionBudgetStatus status, (string Status, string Reason, string Message) told, DateTime now)
    {
        var before = budget.Status?.Conditions ?? [];
        var old = before.FirstOrDefault(condition => condition.Type == DisruptionAllowed);
        var condition = new V1Condition
        {
            Type = DisruptionAllowed,
            Status = told.Status,
            Reason = told.Reason,
            Message = told.Message,
            ObservedGeneration = status.ObservedGeneration,
            LastTransitionTime = old?.Status == told.Status ? old.LastTransitionTime : now,
        };
        return status with { Conditions = [.. before.Where(other => other.Type != DisruptionAllowed), condition] };
    }

    private static (string?, string?, string?, long?) Told(V1PodDisruptionBudgetStatus status) =>
        status.Conditions?.FirstOrDefault(condition => condition.Type == DisruptionAllowed) is { } told
            ? (told.Status, told.Reason, told.Message, told.ObservedGeneration)
            : default;
}
