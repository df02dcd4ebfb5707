using System.Globalization;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Batch.Jobs;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Batch.CronJobs;

/// <summary>Makes a job at each time of a CronJob's schedule. The name of a job tells its time, so that it is made once.</summary>
internal sealed class CronJobController(
    IObjectClient client, ILister<V1CronJob> cronJobs, ILister<V1Job> jobs, IEventRecorders recorders, ControllerManagerOptions options, TimeProvider clock) : IController
{
    private const string ScheduledAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    // A little after the time, so that it has surely come. Upstream's number.
    private static readonly TimeSpan Delta = TimeSpan.FromMilliseconds(100);

    private readonly IEventRecorder _events = recorders.For("cronjob-controller");
    private readonly CronJobChildren _children = new(client, recorders.For("cronjob-controller"));
    private readonly CronJobHistory _history = new(client, recorders.For("cronjob-controller"));

    public string Name => "cronjob-controller";

    public int Workers => options.ConcurrentCronJobSyncs;

    public void Configure(ControllerBuilder controller) => controller.For<V1CronJob>().Owns<V1Job>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!cronJobs.TryGet(key, out var cronJob))
        {
            return ReconcileResult.Done;
        }

        var owned = jobs.OwnedBy(cronJob);
        var status = await _children.FollowAsync(cronJob, owned, cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;
        var times = cronJob.Metadata?.DeletionTimestamp is null && cronJob.Spec?.Suspend != true ? Times(cronJob) : null;
        if (times is not null && Due(cronJob, times, now) is { } time)
        {
            status = await StartAsync(cronJob, owned, status, time, cancellationToken);
        }

        await _history.CleanUpAsync(cronJob, owned, cancellationToken);
        if (KubernetesJson.Serialize(status) != KubernetesJson.Serialize(cronJob.Status ?? new V1CronJobStatus()))
        {
            await client.UpdateStatusAsync(cronJob with { Status = status }, cancellationToken);
        }

        return new ReconcileResult(times?.Next(now) - now + Delta);
    }

    // What cannot be read is told, and looked at again when somebody has changed it.
    private CronTimes? Times(V1CronJob cronJob)
    {
        var schedule = cronJob.Spec?.Schedule ?? "";
        try
        {
            return CronTimes.Parse(schedule, cronJob.Spec?.TimeZone);
        }
        catch (TimeZoneNotFoundException)
        {
            _events.Record(cronJob, "Warning", "UnknownTimeZone", $"invalid timeZone: \"{cronJob.Spec?.TimeZone}\": unknown time zone {cronJob.Spec?.TimeZone}");
        }
        catch (FormatException exception)
        {
            _events.Record(cronJob, "Warning", "UnparseableSchedule", $"unparseable schedule: \"{schedule}\" : {exception.Message}");
        }

        return null;
    }

    /// <returns>The time whose job is to be made now; null for none.</returns>
    private DateTime? Due(V1CronJob cronJob, CronTimes times, DateTime now)
    {
        DateTime? deadline = cronJob.Spec?.StartingDeadlineSeconds is { } seconds ? now.AddSeconds(-seconds) : null;
        var missed = MissedTimes.Of(times, cronJob.Status?.LastScheduleTime ?? cronJob.Metadata?.CreationTimestamp ?? now, deadline, now);
        if (missed.TooMany)
        {
            _events.Record(
                cronJob,
                "Warning",
                "TooManyMissedTimes",
                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        }

        if (missed.Last < deadline)
        {
            _events.Record(
                cronJob,
                "Warning",
                "MissSchedule",
                string.Create(CultureInfo.InvariantCulture, $"Missed scheduled time to start a job: {missed.Last:ddd, dd MMM yyyy HH:mm:ss} +0000"));
            return null;
        }

        return missed.Last == cronJob.Status?.LastScheduleTime ? null : missed.Last;
    }

    private async Task<V1CronJobStatus> StartAsync(
        V1CronJob cronJob, IReadOnlyList<V1Job> owned, V1CronJobStatus status, DateTime time, CancellationToken cancellationToken)
    {
        var wanted = JobOf(cronJob, time);
        var active = (status.Active ?? []).ToList();
        if (active.Exists(reference => reference.Name == wanted.Metadata.Name))
        {
            return status;
        }

        if (active.Count > 0 && cronJob.Spec?.ConcurrencyPolicy == "Forbid")
        {
            _events.Record(cronJob, "Normal", "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            return status;
        }

        if (cronJob.Spec?.ConcurrencyPolicy == "Replace")
        {
            foreach (var running in owned.Where(job => active.Exists(reference => reference.Uid == job.Metadata?.Uid)))
            {
                await _history.DeleteAsync(cronJob, running, cancellationToken);
                active.RemoveAll(reference => reference.Uid == running.Metadata?.Uid);
            }
        }

        var created = await CreateAsync(cronJob, wanted, cancellationToken);
        if (!created.HasFinished())
        {
            active.Add(created.ToReference());
        }

        return status with { Active = active.Count == 0 ? null : active, LastScheduleTime = time };
    }

    private async Task<V1Job> CreateAsync(V1CronJob cronJob, V1Job wanted, CancellationToken cancellationToken)
    {
        try
        {
            var created = await client.CreateAsync(wanted, cancellationToken);
            _events.Record(cronJob, "Normal", "SuccessfulCreate", $"Created job {created.Metadata?.Name}");
            return created;
        }
        catch (StatusException exception) when (exception.Status.Reason == "AlreadyExists")
        {
            // Made before the status was written: it is ours, or the name is taken.
            var existing = await client.GetAsync<V1Job>(wanted.Key(), cancellationToken);
            if (existing.ControllerReference()?.Uid == cronJob.Metadata?.Uid)
            {
                return existing;
            }

            _events.Record(cronJob, "Warning", "FailedCreate", $"Error creating job: {exception.Message}");
            throw;
        }
        catch (StatusException exception) when (!PodControl.IsNamespaceTerminating(exception))
        {
            _events.Record(cronJob, "Warning", "FailedCreate", $"Error creating job: {exception.Message}");
            throw;
        }
    }

    private static V1Job JobOf(V1CronJob cronJob, DateTime time)
    {
        var template = cronJob.Spec?.JobTemplate;
        var scheduled = TimeZoneInfo.ConvertTime(new DateTimeOffset(time, TimeSpan.Zero), cronJob.Spec?.TimeZone is { } zone ? CronTimes.Zone(zone) : TimeZoneInfo.Utc);
        return new V1Job
        {
            ApiVersion = "batch/v1",
            Kind = "Job",
            Metadata = new V1ObjectMeta
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"{cronJob.Metadata?.Name}-{new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeSeconds() / 60}"),
                NamespaceProperty = cronJob.Metadata?.NamespaceProperty,
                Labels = template?.Metadata?.Labels,
                Annotations = new Dictionary<string, string>(template?.Metadata?.Annotations ?? new Dictionary<string, string>())
                {
                    [ScheduledAnnotation] = scheduled.ToString(
                        scheduled.Offset == TimeSpan.Zero ? "yyyy-MM-ddTHH:mm:ss'Z'" : "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
                },
                OwnerReferences = [cronJob.ToControllerReference()],
            },
            Spec = template?.Spec,
        };
    }
}
