namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Brings a running job's pods to the number that is wanted, or ends those of a job that is over. In one sync pods are deleted or made, never both.</summary>
internal sealed class JobPodManager(JobPodWriter writer)
{
    public async Task<JobStep> EndAsync(JobState state, CancellationToken cancellationToken)
    {
        var (deleted, failure) = await writer.DeleteAsync(state.Job, state.Active, cancellationToken);
        return new JobStep(0, deleted, null, failure);
    }

    public async Task<JobStep> ManageAsync(JobState state, JobBackoff.Record record, CancellationToken cancellationToken)
    {
        var surplus = JobPlan.Surplus(state);
        if (surplus.Count > 0)
        {
            var (deleted, failed) = await writer.DeleteUncountedAsync(state.Job, surplus, cancellationToken);
            return new JobStep(0, deleted, null, failed);
        }

        var missing = JobPlan.Missing(state);
        if (missing == 0 || state.Job.IsSuspended())
        {
            return JobStep.None;
        }

        var (indexes, wait) = state.Job.HasLimitPerIndex() ? ByIndex(state, missing) : Together(state, missing, record);
        var count = state.Job.IsIndexed() ? indexes.Count : missing;
        if (wait > TimeSpan.Zero || count == 0)
        {
            return JobStep.None with { Retry = wait > TimeSpan.Zero ? wait : null };
        }

        var (made, failure) = await writer.CreateAsync(state, count, indexes, cancellationToken);
        return new JobStep(made, [], null, failure);
    }

    private static (IReadOnlyList<int> Indexes, TimeSpan Wait) Together(JobState state, int missing, JobBackoff.Record record) =>
        (state.Job.IsIndexed() ? [.. state.PendingIndexes().Take(missing)] : [], JobBackoff.Remaining(record.Failures, record.Last, state.Now));

    // Each index waits by itself.
    private static (IReadOnlyList<int> Indexes, TimeSpan Wait) ByIndex(JobState state, int missing)
    {
        var waits = state.PendingIndexes().Take(missing).Select(index => (Index: index, Wait: WaitOf(state, index))).ToList();
        List<int> ready = [.. waits.Where(entry => entry.Wait == TimeSpan.Zero).Select(entry => entry.Index)];
        return (ready, ready.Count > 0 || waits.Count == 0 ? TimeSpan.Zero : waits.Min(entry => entry.Wait));
    }

    private static TimeSpan WaitOf(JobState state, int index) => state.Replaced.TryGetValue(index, out var failed)
        ? JobBackoff.Remaining(JobPods.FailureCount(failed) + JobPods.IgnoredCount(failed) + 1, JobPods.FinishTime(failed), state.Now)
        : TimeSpan.Zero;
}
