using System.Runtime.ExceptionServices;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Events;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Writes a job's status and removes its pods' finalizers, in the order that counts each pod once; and says when the job is over.</summary>
internal sealed class JobTracker(IObjectClient client, JobPodWriter writer, JobBackoff backoff, FinalizerExpectations finalizers, IEventRecorder events)
{
    /// <param name="state">What was seen.</param>
    /// <param name="status">The status of it, but for the counters of ended pods.</param>
    /// <param name="end">How the job ends; null while it goes on, or cannot be said to be over yet.</param>
    /// <param name="record">The back-off that holds once the pods are counted.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task TrackAsync(JobState state, V1JobStatus status, V1JobCondition? end, JobBackoff.Record record, CancellationToken cancellationToken)
    {
        var key = state.Job.Key();
        var tally = JobTally.Of(state, status, end);
        var announced = end?.Type is JobConditions.FailureTarget or JobConditions.SuccessCriteriaMet ? tally.Status.With(end) : tally.Status;
        var job = await WriteAsync(state.Job, announced, cancellationToken);
        if (!ReferenceEquals(job, state.Job))
        {
            backoff.Set(key, record);
        }

        var (released, failure) = await ReleaseAsync(tally.Release, key, cancellationToken);
        tally.Released(announced, released);
        var final = tally.Status;
        var isOver = end is not null && failure is null && !tally.HasMore && IsSettled(final) && (final.Terminating ?? 0) == 0;
        if (isOver && end is not null)
        {
            final = Over(final, end, state.Now);
        }

        job = await WriteAsync(job, final, cancellationToken);
        failure?.Throw();
        if (isOver && end is not null)
        {
            Tell(job, end);
        }
    }

    private async Task<(IReadOnlyList<V1Pod> Released, ExceptionDispatchInfo? Failure)> ReleaseAsync(
        List<V1Pod> pods, NamespacedName key, CancellationToken cancellationToken) => await JobPodWriter.ForEachAsync(
        pods,
        async pod =>
        {
            var uid = pod.Metadata?.Uid ?? "";
            finalizers.Expect(key, uid);
            if (!await writer.RemoveFinalizerAsync(pod, cancellationToken))
            {
                finalizers.Observed(key, uid);
            }
        },
        pod => finalizers.Observed(key, pod.Metadata?.Uid ?? ""),
        cancellationToken);

    private async Task<V1Job> WriteAsync(V1Job job, V1JobStatus status, CancellationToken cancellationToken) =>
        KubernetesJson.Serialize(job.Status ?? new V1JobStatus()) == KubernetesJson.Serialize(status)
            ? job
            : await client.UpdateStatusAsync(job with { Status = status }, cancellationToken);

    private static bool IsSettled(V1JobStatus status) => status.UncountedTerminatedPods is null or { Succeeded: null, Failed: null };

    private static V1JobStatus Over(V1JobStatus status, V1JobCondition end, DateTime now) => end.Type == JobConditions.SuccessCriteriaMet
        ? status.With(JobConditions.New(JobConditions.Complete, end.Reason, end.Message, now)) with { CompletionTime = now }
        : status.With(JobConditions.New(JobConditions.Failed, end.Reason, end.Message, now));

    private void Tell(V1Job job, V1JobCondition end)
    {
        if (end.Type != JobConditions.SuccessCriteriaMet)
        {
            events.Record(job, "Warning", end.Reason, end.Message);
            return;
        }

        if (job.Status?.Succeeded > job.Spec?.Completions)
        {
            events.Record(job, "Warning", "TooManySucceededPods", "Too many succeeded pods running after completion count reached");
        }

        events.Record(job, "Normal", "Completed", "Job completed");
    }
}
