using k8s.Models;

using MiniKube.ControllerManager.Apps;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Which pods of a running job are too many, or how many are to be made. Pure.</summary>
internal static class JobPlan
{
    /// <summary>One sync never floods the API server. Upstream's number.</summary>
    private const int Burst = 500;

    /// <summary>Indexes without, or twice, first; then what is the cheapest to lose.</summary>
    public static IReadOnlyList<V1Pod> Surplus(JobState state)
    {
        var job = state.Job;
        var order = new DeletionOrder([], state.Now);
        var tooMany = Math.Max(0, state.Active.Count - Wanted(state));
        if (!job.IsIndexed())
        {
            return [.. state.Active.Order(order).Take(Math.Min(tooMany, Limit(job)))];
        }

        // Of an index the pod that is the most to lose stays.
        var kept = state.Active
            .Where(pod => job.Index(pod) is not null)
            .GroupBy(pod => job.Index(pod))
            .Select(group => group.Order(order).Last())
            .ToHashSet();
        var surplus = state.Active.Where(pod => !kept.Contains(pod)).ToList();
        surplus.AddRange(kept.Order(order).Take(Math.Max(0, tooMany - surplus.Count)));
        return [.. surplus.Take(Limit(job))];
    }

    public static int Missing(JobState state)
    {
        var terminating = state.Job.ReplacesOnlyFailed() ? state.Terminating : 0;
        return Math.Clamp(Wanted(state) - terminating - state.Active.Count, 0, Burst);
    }

    // All of a suspended job's go at once.
    private static int Limit(V1Job job) => job.IsSuspended() ? int.MaxValue : Burst;

    private static int Wanted(JobState state)
    {
        var job = state.Job;
        if (job.IsSuspended())
        {
            return 0;
        }

        if (job.Spec?.Completions is not { } completions)
        {
            // A work queue: once one pod has succeeded there is no more work, and the others end by themselves.
            return state.Succeeded > 0 ? state.Active.Count : job.Parallelism();
        }

        return Math.Max(0, Math.Min(completions - state.Succeeded, job.Parallelism()));
    }
}
