using k8s.Models;

using MiniKube.Client;
using MiniKube.ControllerManager.Batch.CronJobs;

namespace MiniKube.ControllerManager.Tests;

public sealed class CronJobTests
{
    [Theory]
    [InlineData("*/5 * * * *", null, "2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z")]
    [InlineData("0 0 13 * 5", null, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")] // either day: a Friday
    [InlineData("0 0 4 * 1", null, "2026-01-02T12:00:00Z", "2026-01-04T00:00:00Z")] // … or the fourth, a Sunday
    [InlineData("0 0 */2 * 1", null, "2026-01-01T12:00:00Z", "2026-01-05T00:00:00Z")] // a star limits nothing: an odd day that is a Monday
    [InlineData("30 8 ? JAN-MAR mon", null, "2026-01-01T12:00:00Z", "2026-01-05T08:30:00Z")]
    [InlineData("@hourly", null, "2026-01-01T00:10:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("@every 90s", null, "2026-01-01T00:10:00Z", "2026-01-01T00:11:30Z")]
    [InlineData("0 9 * * *", "America/New_York", "2026-01-01T00:00:00Z", "2026-01-01T14:00:00Z")]
    [InlineData("TZ=Asia/Tokyo 0 9 * * *", "", "2026-01-01T00:30:00Z", "2026-01-02T00:00:00Z")]
    public void Next_OfASchedule_IsUpstreams(string schedule, string? timeZone, string after, string expected) =>
        Assert.Equal(Time(expected), CronTimes.Parse(schedule, timeZone is "" ? null : timeZone ?? "Etc/UTC").Next(Time(after)));

    [Fact]
    public void Next_OfADayThatNeverComes_IsNone() => Assert.Null(CronTimes.Parse("0 0 31 2 *", "Etc/UTC").Next(Time("2026-01-01T00:00:00Z")));

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", null, "2026-01-01T00:00:59Z", null, false)]
    [InlineData("2026-01-01T00:00:00Z", null, "2026-01-01T00:01:00Z", "2026-01-01T00:01:00Z", false)]
    [InlineData("2026-01-01T00:00:00Z", null, "2026-01-01T00:03:30Z", "2026-01-01T00:03:00Z", false)]
    [InlineData("2026-01-01T00:00:00Z", null, "2026-01-01T02:00:30Z", "2026-01-01T02:00:00Z", true)]
    [InlineData("2025-01-01T00:00:00Z", 200L, "2026-01-01T00:00:30Z", "2026-01-01T00:00:00Z", false)] // what is too old does not count as missed
    [InlineData("2026-01-01T00:00:00Z", 10L, "2026-01-01T00:01:30Z", null, false)]
    public void Missed_SinceTheLastStart_IsTheNewest(string since, long? deadlineSeconds, string now, string? expected, bool tooMany)
    {
        DateTime? deadline = deadlineSeconds is { } seconds ? Time(now).AddSeconds(-seconds) : null;

        var missed = MissedTimes.Of(CronTimes.Parse("* * * * *", "Etc/UTC"), Time(since), deadline, Time(now));

        Assert.Equal(expected is null ? null : Time(expected), missed.Last);
        Assert.Equal(tooMany, missed.TooMany);
    }

    [Fact]
    public async Task CronJob_MakesAJobAtItsTime_AndFollowsIt()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var owner = await cluster.CreateAsync(CronJob("tick", "@every 1s", "Forbid"));

        var job = (await cluster.EventuallyAsync<V1Job>(jobs => jobs.Count == 1))[0];
        var active = await cluster.EventuallyAsync<V1CronJob>("tick", found => found?.Status.Active is { Count: 1 });

        Assert.Equal(owner.Metadata.Uid, job.ControllerReference()?.Uid);
        var minutes = new DateTimeOffset(active!.Status.LastScheduleTime!.Value).ToUnixTimeSeconds() / 60;
        Assert.Equal($"tick-{minutes}", job.Metadata.Name);
        Assert.Contains("batch.kubernetes.io/cronjob-scheduled-timestamp", job.Metadata.Annotations);
        Assert.Equal(("Job", job.Metadata.Name, job.Metadata.Uid), (active.Status.Active[0].Kind, active.Status.Active[0].Name, active.Status.Active[0].Uid));
        await cluster.EventuallyAsync<Corev1Event>(events =>
            events.Any(e => e.Message == $"Created job {job.Metadata.Name}" && e.Source.Component == "cronjob-controller"));

        await cluster.PatchAsync<V1CronJob>("tick", new { spec = new { suspend = true } });
        var pod = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1))[0];
        await cluster.PatchAsync<V1Pod>(pod.Metadata.Name, new { status = new { phase = "Succeeded" } }, "status");
        await cluster.EventuallyAsync<V1CronJob>("tick", found => found?.Status is { LastSuccessfulTime: not null } status && status.Active is null or []);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e => e.Message == $"Saw completed job: {job.Metadata.Name}, condition: Complete"));
    }

    [Fact]
    public async Task HistoryLimit_DeletesTheOldestJobs()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var wanted = CronJob("tidy", "0 0 1 1 *", "Allow");
        wanted.Spec.SuccessfulJobsHistoryLimit = 1;
        var owner = await cluster.CreateAsync(wanted);
        foreach (var name in new[] { "tidy-1", "tidy-2" })
        {
            // As kubectl create job --from makes one.
            var job = Objects.Job(name);
            job.Metadata.OwnerReferences = [owner.ToControllerReference()];
            await cluster.CreateAsync(job);
            var pod = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Any(pod => pod.ControllerReference()?.Name == name))).Single(pod => pod.ControllerReference()?.Name == name);
            await cluster.PatchAsync<V1Pod>(pod.Metadata.Name, new { status = new { phase = "Succeeded" } }, "status");
            await cluster.EventuallyAsync<V1Pod>(pods => pods.All(one => one.Metadata.Finalizers is null or []));
        }

        await cluster.EventuallyAsync<V1Job>(jobs => jobs.Count == 1);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e => e.Reason == "SuccessfulDelete" && e.Message.StartsWith("Deleted job tidy-", StringComparison.Ordinal)));
    }

    private static DateTime Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;

    private static V1CronJob CronJob(string name, string schedule, string concurrencyPolicy) => new()
    {
        ApiVersion = "batch/v1",
        Kind = "CronJob",
        Metadata = Objects.Meta(name),
        Spec = new V1CronJobSpec
        {
            Schedule = schedule,
            ConcurrencyPolicy = concurrencyPolicy,
            JobTemplate = new V1JobTemplateSpec { Spec = Objects.Job(name).Spec },
        },
    };
}
