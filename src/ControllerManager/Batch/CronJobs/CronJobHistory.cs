using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.ControllerManager.Batch.Jobs;

namespace MiniKube.ControllerManager.Batch.CronJobs;

/// <summary>Deletes jobs of a CronJob: the oldest that are over, beyond the history limits, and those that are replaced.</summary>
internal sealed class CronJobHistory(IObjectClient client, IEventRecorder events)
{
    public async Task CleanUpAsync(V1CronJob cronJob, IReadOnlyList<V1Job> jobs, CancellationToken cancellationToken)
    {
        await CleanUpAsync(cronJob, jobs, JobConditions.Complete, cronJob.Spec?.SuccessfulJobsHistoryLimit, cancellationToken);
        await CleanUpAsync(cronJob, jobs, JobConditions.Failed, cronJob.Spec?.FailedJobsHistoryLimit, cancellationToken);
    }

    public async Task DeleteAsync(V1CronJob cronJob, V1Job job, CancellationToken cancellationToken)
    {
        try
        {
            var options = new V1DeleteOptions { PropagationPolicy = "Background", Preconditions = new V1Preconditions { Uid = job.Metadata?.Uid } };
            await client.DeleteAsync<V1Job>(job.Key(), options, cancellationToken);
            events.Record(cronJob, "Normal", "SuccessfulDelete", $"Deleted job {job.Metadata?.Name}");
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
        catch (StatusException exception)
        {
            events.Record(cronJob, "Warning", "FailedDelete", $"Deleted job: {exception.Message}");
            throw;
        }
    }

    private async Task CleanUpAsync(V1CronJob cronJob, IReadOnlyList<V1Job> jobs, string ended, int? limit, CancellationToken cancellationToken)
    {
        var over = jobs
            .Where(job => job.Status.FindTrue(ended) is not null && job.Metadata?.DeletionTimestamp is null)
            .OrderBy(job => job.Status.StartTime)
            .ThenBy(job => job.Metadata?.Name, StringComparer.Ordinal)
            .ToList();
        foreach (var job in over.Take(Math.Max(0, over.Count - (limit ?? int.MaxValue))))
        {
            await DeleteAsync(cronJob, job, cancellationToken);
        }
    }
}
