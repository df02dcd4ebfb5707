using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Batch.Jobs;

namespace MiniKube.ControllerManager.Batch;

/// <summary>Deletes jobs that have been over for longer than their ttlSecondsAfterFinished.</summary>
internal sealed class TtlAfterFinishedController(IObjectClient client, ILister<V1Job> jobs, ControllerManagerOptions options, TimeProvider clock) : IController
{
    public string Name => "ttl-after-finished-controller";

    public int Workers => options.ConcurrentTtlAfterFinishedSyncs;

    public void Configure(ControllerBuilder controller) => controller.For<V1Job>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!jobs.TryGet(key, out var job) || Left(job) is not { } left)
        {
            return ReconcileResult.Done;
        }

        if (left > TimeSpan.Zero)
        {
            return new ReconcileResult(left);
        }

        try
        {
            // The cache may be old: somebody may have prolonged the job's life.
            var fresh = await client.GetAsync<V1Job>(key, cancellationToken);
            if (Left(fresh) is not { } still || still > TimeSpan.Zero)
            {
                return new ReconcileResult(Left(fresh));
            }

            var preconditions = new V1Preconditions { Uid = fresh.Metadata?.Uid, ResourceVersion = fresh.Metadata?.ResourceVersion };
            await client.DeleteAsync<V1Job>(
                key, new V1DeleteOptions { PropagationPolicy = "Foreground", Preconditions = preconditions }, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }

        return ReconcileResult.Done;
    }

    private TimeSpan? Left(V1Job job) =>
        job.Spec?.TtlSecondsAfterFinished is { } seconds
        && job.Metadata?.DeletionTimestamp is null
        && (job.Status.FindTrue(JobConditions.Complete) ?? job.Status.FindTrue(JobConditions.Failed)) is { LastTransitionTime: { } end }
            ? end.AddSeconds(seconds) - clock.GetUtcNow().UtcDateTime
            : null;
}
