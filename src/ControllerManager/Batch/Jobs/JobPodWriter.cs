using System.Runtime.ExceptionServices;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.ControllerManager.Apps;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Makes and deletes the pods of a job, and takes their finalizers away.</summary>
internal sealed class JobPodWriter(IObjectClient client, IPodControl podControl, Expectations expectations)
{
    /// <returns>How many were made, and the first failure.</returns>
    public async Task<(int Made, ExceptionDispatchInfo? Failure)> CreateAsync(
        JobState state, int count, IReadOnlyList<int> indexes, CancellationToken cancellationToken)
    {
        var key = state.Job.Key();
        expectations.ExpectCreations(key, count);
        var next = -1;
        var (succeeded, failure) = await SlowStart.RunAsync(
            count,
            token => state.Job.IsIndexed()
                ? CreateIndexAsync(state, indexes[Interlocked.Increment(ref next)], token)
                : podControl.CreateAsync(state.Job, JobPodTemplate.Of(state.Job), token),
            cancellationToken);
        // Those that failed, and those that were not tried after the failure, will not be seen.
        for (var i = succeeded; i < count; i++)
        {
            expectations.CreationObserved(key);
        }

        return (succeeded, failure?.SourceException is StatusException exception && PodControl.IsNamespaceTerminating(exception) ? null : failure);
    }

    /// <summary>Deletes pods that are too many: they are not to be counted as failed, so that their finalizers go first.</summary>
    /// <returns>Those that are deleted, and the first failure.</returns>
    public async Task<(IReadOnlyList<V1Pod> Deleted, ExceptionDispatchInfo? Failure)> DeleteUncountedAsync(
        V1Job job, IReadOnlyList<V1Pod> pods, CancellationToken cancellationToken)
    {
        expectations.ExpectDeletions(job.Key(), pods.Select(Uid));
        return await ForEachAsync(
            pods,
            async pod =>
            {
                if (!await RemoveFinalizerAsync(pod, cancellationToken) || !await podControl.DeleteAsync(job, pod, cancellationToken))
                {
                    expectations.DeletionObserved(job.Key(), Uid(pod));
                }
            },
            pod => expectations.DeletionObserved(job.Key(), Uid(pod)),
            cancellationToken);
    }

    /// <summary>Deletes the pods of a job that has come to its end; they are counted when they are.</summary>
    public Task<(IReadOnlyList<V1Pod> Deleted, ExceptionDispatchInfo? Failure)> DeleteAsync(
        V1Job job, IReadOnlyList<V1Pod> pods, CancellationToken cancellationToken) =>
        ForEachAsync(pods, pod => podControl.DeleteAsync(job, pod, cancellationToken), _ => { }, cancellationToken);

    /// <summary>Of a pod without a job: one that a job has adopted since keeps it.</summary>
    public Task ReleaseOrphanAsync(V1Pod pod, CancellationToken cancellationToken) => RemoveFinalizerAsync(pod, pod.Metadata?.ResourceVersion, cancellationToken);

    /// <returns>Whether the pod is there.</returns>
    public Task<bool> RemoveFinalizerAsync(V1Pod pod, CancellationToken cancellationToken) => RemoveFinalizerAsync(pod, null, cancellationToken);

    private async Task<bool> RemoveFinalizerAsync(V1Pod pod, string? version, CancellationToken cancellationToken)
    {
        if (!JobPods.IsTracked(pod))
        {
            return true;
        }

        var metadata = new Dictionary<string, object?>
        {
            ["uid"] = pod.Metadata?.Uid,
            ["$deleteFromPrimitiveList/finalizers"] = new[] { JobPods.TrackingFinalizer },
        };
        if (version is not null)
        {
            metadata["resourceVersion"] = version;
        }

        try
        {
            await client.PatchAsync<V1Pod>(
                pod.Key(), new V1Patch(new { metadata }, V1Patch.PatchType.StrategicMergePatch), null, cancellationToken);
            return true;
        }
        catch (StatusException exception) when (exception.Code is 404 or 409 or 422)
        {
            // Gone, or there is another of its name.
            return false;
        }
    }

    public static async Task<(IReadOnlyList<V1Pod> Done, ExceptionDispatchInfo? Failure)> ForEachAsync(
        IReadOnlyList<V1Pod> pods, Func<V1Pod, Task> action, Action<V1Pod> undo, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(pods.Select(async pod =>
        {
            try
            {
                await action(pod);
                return (Pod: pod, Failure: (ExceptionDispatchInfo?)null);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                undo(pod);
                return (Pod: pod, Failure: (ExceptionDispatchInfo?)ExceptionDispatchInfo.Capture(exception));
            }
        }));
        return (
            [.. results.Where(result => result.Failure is null).Select(result => result.Pod)],
            results.Select(result => result.Failure).FirstOrDefault(failure => failure is not null));
    }

    private Task CreateIndexAsync(JobState state, int index, CancellationToken cancellationToken) => podControl.CreateAsync(
        state.Job,
        JobPodTemplate.Of(state.Job, index, state.Replaced.GetValueOrDefault(index)),
        JobPodTemplate.GenerateName(state.Job, index),
        cancellationToken);

    private static string Uid(V1Pod pod) => pod.Metadata?.Uid ?? "";
}
