using k8s.Models;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Whether and how a job ends, apart from all its pods having succeeded. Pure; reasons and texts are upstream's.</summary>
internal static class JobEnd
{
    /// <returns>FailureTarget or SuccessCriteriaMet, new or as they were set before; Failed when the job was about to fail; null while it goes on.</returns>
    public static V1JobCondition? Of(JobState state)
    {
        var status = state.Status;
        if (status.FindTrue(JobConditions.SuccessCriteriaMet) is { } met)
        {
            return met;
        }

        if (status.FindTrue(JobConditions.FailureTarget) is { } target)
        {
            return JobConditions.New(JobConditions.Failed, target.Reason, target.Message, state.Now);
        }

        return ByPolicy(state) ?? ByLimits(state) ?? ByIndexes(state) ?? BySuccessPolicy(state);
    }

    public static V1JobCondition CompletionsReached(DateTime now) =>
        JobConditions.New(JobConditions.SuccessCriteriaMet, "CompletionsReached", "Reached expected number of succeeded pods", now);

    /// <summary>Null when the job has no deadline, or its time does not run.</summary>
    public static TimeSpan? UntilDeadline(JobState state) =>
        state.Job.Spec?.ActiveDeadlineSeconds is { } seconds && state.Status.StartTime is { } start && !state.Job.IsSuspended()
            ? start.AddSeconds(seconds) - state.Now
            : null;

    private static V1JobCondition? ByPolicy(JobState state) => state.Job.Spec?.PodFailurePolicy is null
        ? null
        : state.Pods.Where(state.Job.IsFailed).Select(pod => PodFailureMatch.Of(state.Job, pod).Message).FirstOrDefault(message => message is not null) is { } why
            ? Failing(state, "PodFailurePolicy", why)
            : null;

    private static V1JobCondition? ByLimits(JobState state)
    {
        if (state.Failed > (state.Job.Spec?.BackoffLimit ?? 6) || HasRestartedTooOften(state))
        {
            return Failing(state, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }

        return UntilDeadline(state) <= TimeSpan.Zero
            ? Failing(state, "DeadlineExceeded", "Job was active longer than specified deadline")
            : null;
    }

    private static V1JobCondition? ByIndexes(JobState state)
    {
        if (state.FailedIndexes is not { Count: > 0 } failed)
        {
            return null;
        }

        if (failed.Count > state.Job.Spec?.MaxFailedIndexes)
        {
            return Failing(state, "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
        }

        return failed.Count + state.SucceededIndexes.Count >= state.Job.Completions() ? Failing(state, "FailedIndexes", "Job has failed indexes") : null;
    }

    private static V1JobCondition? BySuccessPolicy(JobState state)
    {
        var rules = state.Job.IsIndexed() ? state.Job.Spec?.SuccessPolicy?.Rules ?? [] : [];
        for (var i = 0; i < rules.Count; i++)
        {
            if (IsMet(rules[i], state))
            {
                return JobConditions.New(JobConditions.SuccessCriteriaMet, "SuccessPolicy", $"Matched rules at index {i}", state.Now);
            }
        }

        return null;
    }

    private static bool IsMet(V1SuccessPolicyRule rule, JobState state)
    {
        if (rule.SucceededIndexes is null)
        {
            return state.SucceededIndexes.Count >= rule.SucceededCount;
        }

        var needed = IndexSet.Parse(rule.SucceededIndexes, state.Job.Completions());
        return needed.CountIn(state.SucceededIndexes) >= (rule.SucceededCount ?? needed.Count);
    }

    // Containers that are restarted in place make no failed pods.
    private static bool HasRestartedTooOften(JobState state)
    {
        if (state.Job.Spec?.Template?.Spec?.RestartPolicy != "OnFailure")
        {
            return false;
        }

        var restarts = state.Pods
            .Where(pod => pod.Status?.Phase is "Running" or "Pending")
            .SelectMany(pod => (pod.Status.InitContainerStatuses ?? []).Concat(pod.Status.ContainerStatuses ?? []))
            .Sum(status => status.RestartCount);
        var limit = state.Job.Spec.BackoffLimit ?? 6;
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    private static V1JobCondition Failing(JobState state, string reason, string message) =>
        JobConditions.New(JobConditions.FailureTarget, reason, message, state.Now);
}
