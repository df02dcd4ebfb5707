using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>A job and its pods at one moment: what is counted already, what is to be counted, and which indexes are done.</summary>
internal sealed class JobState
{
    private readonly IReadOnlySet<string> _finalizerRemoved;

    /// <param name="job">The job.</param>
    /// <param name="pods">All its pods.</param>
    /// <param name="finalizerRemoved">The uids of those that have lost the finalizer although the cache still shows it.</param>
    /// <param name="now">The time of conditions.</param>
    public JobState(V1Job job, IReadOnlyList<V1Pod> pods, IReadOnlySet<string> finalizerRemoved, DateTime now)
    {
        _finalizerRemoved = finalizerRemoved;
        (Job, Pods, Now) = (job, pods, now);
        var status = job.Status ?? new V1JobStatus();
        Status = status.StartTime is null && !job.IsSuspended() ? status with { StartTime = now } : status;
        Active = [.. pods.Where(pod => pod.IsActive())];
        var uncounted = job.Status?.UncountedTerminatedPods;
        (UncountedSucceeded, UncountedFailed) = ([.. uncounted?.Succeeded ?? []], [.. uncounted?.Failed ?? []]);
        NewSucceeded = [.. NotCounted(UncountedSucceeded).Where(pod => pod.Status?.Phase == "Succeeded")];
        NewFailed = [.. NotCounted(UncountedFailed).Where(job.IsFailed)];
        Failed = (job.Status?.Failed ?? 0) + UncountedFailed.Count + NewFailed.Count(pod => PodFailureMatch.Of(job, pod).IsCounted);
        if (!job.IsIndexed())
        {
            Succeeded = (job.Status?.Succeeded ?? 0) + UncountedSucceeded.Count + NewSucceeded.Count;
            return;
        }

        PreviousSucceededIndexes = IndexSet.Parse(job.Status?.CompletedIndexes, job.Completions());
        SucceededIndexes = PreviousSucceededIndexes.Union(IndexesOf(pods.Where(pod => pod.Status?.Phase == "Succeeded" && HasFinalizer(pod))));
        Succeeded = SucceededIndexes.Count;
        if (job.HasLimitPerIndex())
        {
            FailedIndexes = IndexSet.Parse(job.Status?.FailedIndexes, job.Completions()).Union(IndexesOf(pods.Where(HasFailedItsIndex)));
            Replaced = LastFailures();
        }
    }

    public V1Job Job { get; }

    /// <summary>The status that was written last, with the start of a job that starts now.</summary>
    public V1JobStatus Status { get; }

    public IReadOnlyList<V1Pod> Pods { get; }

    public DateTime Now { get; }

    public IReadOnlyList<V1Pod> Active { get; }

    public HashSet<string> UncountedSucceeded { get; }

    public HashSet<string> UncountedFailed { get; }

    /// <summary>Pods that have ended and are in no counter yet.</summary>
    public IReadOnlyList<V1Pod> NewSucceeded { get; }

    public IReadOnlyList<V1Pod> NewFailed { get; }

    public int Succeeded { get; }

    public int Failed { get; }

    public int Terminating => Pods.Count(JobPods.IsTerminating);

    public IndexSet PreviousSucceededIndexes { get; } = IndexSet.Empty;

    public IndexSet SucceededIndexes { get; } = IndexSet.Empty;

    /// <summary>Null unless failures are limited per index.</summary>
    public IndexSet? FailedIndexes { get; }

    /// <summary>By index, the failed pod that is kept until its successor has taken over the count of failures.</summary>
    public IReadOnlyDictionary<int, V1Pod> Replaced { get; } = new Dictionary<int, V1Pod>();

    /// <summary>Whether a pod still waits for being counted.</summary>
    public bool HasFinalizer(V1Pod pod) => JobPods.IsTracked(pod) && !_finalizerRemoved.Contains(pod.Metadata?.Uid ?? "");

    /// <summary>The lowest indexes that need a pod.</summary>
    public IEnumerable<int> PendingIndexes()
    {
        var taken = SucceededIndexes.Union(IndexesOf(Active)).Union(FailedIndexes ?? IndexSet.Empty);
        if (Job.ReplacesOnlyFailed())
        {
            taken = taken.Union(IndexesOf(Pods.Where(JobPods.IsTerminating)));
        }

        return taken.Gaps(Job.Completions());
    }

    private IndexSet IndexesOf(IEnumerable<V1Pod> pods) => IndexSet.Of(pods.Select(Job.Index).OfType<int>());

    private IEnumerable<V1Pod> NotCounted(HashSet<string> uncounted) => Pods.Where(pod =>
        HasFinalizer(pod) && !uncounted.Contains(pod.Metadata?.Uid ?? "") && (!Job.IsIndexed() || Job.Index(pod) is not null));

    private bool HasFailedItsIndex(V1Pod pod)
    {
        if (!Job.IsFailed(pod))
        {
            return false;
        }

        var match = PodFailureMatch.Of(Job, pod);
        return match.Action == "FailIndex" || (match.IsCounted && JobPods.FailureCount(pod) >= Job.Spec?.BackoffLimitPerIndex);
    }

    private Dictionary<int, V1Pod> LastFailures()
    {
        var active = IndexesOf(Active);
        return NotCounted([])
            .Where(Job.IsFailed)
            .Select(pod => (Index: Job.Index(pod) ?? -1, Pod: pod))
            .Where(entry => !active.Contains(entry.Index) && !SucceededIndexes.Contains(entry.Index) && FailedIndexes?.Contains(entry.Index) != true)
            .GroupBy(entry => entry.Index, entry => entry.Pod)
            .ToDictionary(group => group.Key, group => group.MaxBy(pod => JobPods.FailureCount(pod) + JobPods.IgnoredCount(pod))!);
    }
}
