using k8s.Models;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>
/// Counts ended pods without counting one twice or losing one: first their uids go into the status, then their finalizers go, then the uids become numbers. A crash between two of
/// these repeats the rest. Pure: the writes are <see cref="JobTracker"/>'s.
/// </summary>
internal sealed class JobTally
{
    // Upstream's number: the uids in a status are at most 20 KB.
    private const int MaxUncounted = 500;

    private readonly JobState _state;
    private readonly HashSet<string> _withFinalizer;

    private JobTally(JobState state, V1JobStatus status)
    {
        _state = state;
        _withFinalizer = [.. state.Pods.Where(state.HasFinalizer).Select(Uid)];
        Status = status;
    }

    /// <summary>What the status is to be.</summary>
    public V1JobStatus Status { get; private set; }

    /// <summary>Pods that are counted in it, whose finalizers may go once it is written.</summary>
    public List<V1Pod> Release { get; } = [];

    /// <summary>Whether there were more than one status may hold: the job cannot be over yet.</summary>
    public bool HasMore { get; private set; }

    public static JobTally Of(JobState state, V1JobStatus status, V1JobCondition? end)
    {
        var tally = new JobTally(state, status);
        tally.Settle();
        tally.Count(end);
        return tally;
    }

    /// <summary>These have lost their finalizers: what stands for them becomes numbers.</summary>
    public void Released(V1JobStatus written, IEnumerable<V1Pod> pods)
    {
        Status = written;
        _withFinalizer.ExceptWith(pods.Select(Uid));
        Settle();
    }

    private void Settle()
    {
        var uncounted = Status.UncountedTerminatedPods;
        var (succeeded, failed) = (uncounted?.Succeeded ?? [], uncounted?.Failed ?? []);
        var (leftSucceeded, leftFailed) = (succeeded.Where(_withFinalizer.Contains).ToList(), failed.Where(_withFinalizer.Contains).ToList());
        Status = Status with
        {
            Succeeded = Counter(Status.Succeeded, succeeded.Count - leftSucceeded.Count),
            Failed = Counter(Status.Failed, failed.Count - leftFailed.Count),
            UncountedTerminatedPods = Uncounted(leftSucceeded, leftFailed),
        };
    }

    private void Count(V1JobCondition? end)
    {
        var uncounted = Status.UncountedTerminatedPods;
        List<string> succeeded = [.. uncounted?.Succeeded ?? []];
        List<string> failed = [.. uncounted?.Failed ?? []];
        var indexes = new List<int>();
        foreach (var pod in _state.Pods.OrderBy(pod => _state.Job.Index(pod) ?? -1).Where(pod => _withFinalizer.Contains(Uid(pod)) && MayBeReleased(pod, end)))
        {
            Release.Add(pod);
            Count(pod, end, succeeded, failed, indexes);
            if (indexes.Count + succeeded.Count + failed.Count >= MaxUncounted)
            {
                HasMore = true;
                break;
            }
        }

        Status = Status with { UncountedTerminatedPods = Uncounted(succeeded, failed) };
        if (_state.Job.IsIndexed())
        {
            var done = _state.PreviousSucceededIndexes.Union(IndexSet.Of(indexes));
            Status = Status with { Succeeded = Counter(done.Count, 0), CompletedIndexes = done.Count == 0 ? null : done.ToString(), FailedIndexes = _state.FailedIndexes?.ToString() };
        }
    }

    private void Count(V1Pod pod, V1JobCondition? end, List<string> succeeded, List<string> failed, List<int> indexes)
    {
        var job = _state.Job;
        if (pod.Status?.Phase == "Succeeded" && !_state.UncountedFailed.Contains(Uid(pod)))
        {
            // An index is counted once by itself.
            if (job.IsIndexed())
            {
                indexes.AddRange(job.Index(pod) is { } index && !_state.PreviousSucceededIndexes.Contains(index) ? [index] : []);
            }
            else if (!_state.UncountedSucceeded.Contains(Uid(pod)))
            {
                succeeded.Add(Uid(pod));
            }
        }
        else if ((job.IsFailed(pod) || end is { Type: not JobConditions.SuccessCriteriaMet })
            && !_state.UncountedFailed.Contains(Uid(pod))
            && (!job.IsIndexed() || job.Index(pod) is not null)
            && PodFailureMatch.Of(job, pod).IsCounted)
        {
            // Of a job that fails, what has not ended counts as failed.
            failed.Add(Uid(pod));
        }
    }

    private bool MayBeReleased(V1Pod pod, V1JobCondition? end)
    {
        var job = _state.Job;
        if (job.Metadata?.DeletionTimestamp is not null || end is not null || pod.Status?.Phase == "Succeeded")
        {
            return true;
        }

        return job.IsFailed(pod) && !(job.Index(pod) is { } index && _state.Replaced.TryGetValue(index, out var kept) && Uid(kept) == Uid(pod));
    }

    // None is left out, as the server writes it.
    private static int? Counter(int? before, int more) => (before ?? 0) + more is > 0 and var sum ? sum : null;

    private static V1UncountedTerminatedPods Uncounted(List<string> succeeded, List<string> failed) => new()
    {
        Succeeded = succeeded.Count == 0 ? null : succeeded,
        Failed = failed.Count == 0 ? null : failed,
    };

    private static string Uid(V1Pod pod) => pod.Metadata?.Uid ?? "";
}
