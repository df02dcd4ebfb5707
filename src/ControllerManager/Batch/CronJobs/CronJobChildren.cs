using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.ControllerManager.Batch.Jobs;

namespace MiniKube.ControllerManager.Batch.CronJobs;

/// <summary>Keeps a CronJob's list of active jobs, and the time of its last success, as its jobs are.</summary>
internal sealed class CronJobChildren(IObjectClient client, IEventRecorder events)
{
    /// <returns>The status that fits the jobs.</returns>
    public async Task<V1CronJobStatus> FollowAsync(V1CronJob cronJob, IReadOnlyList<V1Job> jobs, CancellationToken cancellationToken)
    {
        var status = cronJob.Status ?? new V1CronJobStatus();
        var active = (status.Active ?? []).ToList();
        var lastSuccess = status.LastSuccessfulTime;
        foreach (var job in jobs)
        {
            var isListed = active.Exists(reference => reference.Uid == job.Metadata?.Uid);
            if (!isListed && !job.HasFinished())
            {
                events.Record(cronJob, "Warning", "UnexpectedJob", $"Saw a job that the controller did not create or forgot: {job.Metadata?.Name}");
            }
            else if (isListed && job.HasFinished())
            {
                active.RemoveAll(reference => reference.Uid == job.Metadata?.Uid);
                var condition = job.Status.FindTrue(JobConditions.Complete) is null ? JobConditions.Failed : JobConditions.Complete;
                events.Record(cronJob, "Normal", "SawCompletedJob", $"Saw completed job: {job.Metadata?.Name}, condition: {condition}");
            }

            if (job.Status.FindTrue(JobConditions.Complete) is not null && job.Status.CompletionTime is { } end && !(end <= lastSuccess))
            {
                lastSuccess = end;
            }
        }

        foreach (var missing in active.Where(reference => !jobs.Any(job => job.Metadata?.Uid == reference.Uid)).ToList())
        {
            // The cache may not know it yet.
            if (!await ExistsAsync(missing, cancellationToken))
            {
                active.Remove(missing);
                events.Record(cronJob, "Normal", "MissingJob", $"Active job went missing: {missing.Name}");
            }
        }

        return status with { Active = active.Count == 0 ? null : active, LastSuccessfulTime = lastSuccess };
    }

    private async Task<bool> ExistsAsync(V1ObjectReference reference, CancellationToken cancellationToken)
    {
        try
        {
            var job = await client.GetAsync<V1Job>(new NamespacedName(reference.NamespaceProperty ?? "", reference.Name ?? ""), cancellationToken);
            return job.Metadata?.Uid == reference.Uid;
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            return false;
        }
    }
}
