using k8s.Models;

using MiniKube.Client.Events;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Status;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Pods;

/// <summary>Does for a pod what <see cref="PodActions"/> decided, and reports what it sees.</summary>
internal sealed class PodSyncer(
    IContainerRuntime runtime,
    IPodEnvironment environment,
    PodAdmission admission,
    PodResizer resizer,
    PodSandboxes sandboxes,
    ContainerStarter starter,
    PodReporter reporter,
    StatusManager statuses,
    ProbeManager probes,
    IEventRecorder events,
    TimeProvider clock) : IPodSyncer
{
    // ConfigMaps, Secrets and projected tokens change without an event here: volumes are brought up to date this often.
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan ResizeRetry = TimeSpan.FromSeconds(5);

    // Upstream's eviction manager looks this often.
    private static readonly TimeSpan LimitCheck = TimeSpan.FromSeconds(10);

    public async Task<SyncResult> SyncAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (statuses.Get(pod) is { Phase: "Succeeded" or "Failed" })
        {
            return new SyncResult(Finished: true);
        }

        var status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
        if (status.Containers.Count == 0 && status.Sandboxes.Count == 0 && admission.Check(pod) is var (reason, message))
        {
            reporter.Reject(pod, reason, message);
            return new SyncResult(Finished: true);
        }

        pod = resizer.Allocate(pod, statuses.Get(pod));
        var deadline = Deadline(pod);
        if (deadline <= TimeSpan.Zero)
        {
            reporter.Fail(pod, status, "Normal", "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
            return new SyncResult(Finished: true);
        }

        if (environment.FindOverfullVolume(pod) is { } overfull)
        {
            reporter.Fail(pod, status, "Warning", PodReporter.Evicted, overfull);
            return new SyncResult(Finished: true);
        }

        if (Report(pod, status).Phase is "Succeeded" or "Failed")
        {
            return new SyncResult(Finished: true);
        }

        var retry = await ActAsync(pod, status, cancellationToken);
        return new SyncResult(RequeueAfter: Earliest(retry, deadline, HasVolumes(pod) ? Resync : null, EmptyDirLimits.Of(pod).Any() ? LimitCheck : null, resizer.IsPending(pod.Uid()) ? ResizeRetry : null));
    }

    public async Task TerminateAsync(V1Pod pod, TimeSpan grace, CancellationToken cancellationToken)
    {
        probes.StopLiveness(pod.Uid());
        var status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
        var hasEnded = statuses.Get(pod) is { Phase: "Succeeded" or "Failed" };
        if (!hasEnded && status.Containers.Count > 0)
        {
            reporter.Report(pod, status);
        }

        var stopping = sandboxes.StopAsync(pod, status, grace, cancellationToken);
        try
        {
            await (hasEnded ? Task.CompletedTask : reporter.FollowReadinessAsync(pod, status, stopping, cancellationToken));
        }
        finally
        {
            await stopping;
        }

        status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
        probes.Forget(pod.Uid());
        reporter.ReportEnd(pod, status);
    }

    public async Task CleanUpAsync(V1Pod pod, bool deleted, CancellationToken cancellationToken)
    {
        if (deleted)
        {
            await sandboxes.RemoveAsync(pod, cancellationToken);
            starter.Forget(pod.Uid());
            resizer.Forget(pod.Uid());
            admission.Forget(pod.Uid());
        }

        await environment.ReleaseAsync(pod, cancellationToken);
        statuses.Terminated(pod);
    }

    private static TimeSpan? Earliest(params ReadOnlySpan<TimeSpan?> times)
    {
        TimeSpan? earliest = null;
        foreach (var time in times)
        {
            earliest = earliest is null || time < earliest ? time ?? earliest : earliest;
        }

        return earliest;
    }

    private static bool HasVolumes(V1Pod pod) =>
        pod.Spec?.Volumes?.Any(volume => volume.ConfigMap is not null || volume.Secret is not null || volume.Projected is not null
            || volume.DownwardAPI is not null) == true;

    private TimeSpan? Deadline(V1Pod pod) =>
        pod.Spec?.ActiveDeadlineSeconds is { } seconds && statuses.Get(pod)?.StartTime is { } started
            ? started.AddSeconds(seconds) - clock.GetUtcNow().UtcDateTime
            : null;

    private V1PodStatus Report(V1Pod pod, RuntimePod status)
    {
        probes.Update(pod, status);
        return reporter.Report(pod, status);
    }

    /// <summary>Returns when to look again because something could not be done.</summary>
    private async Task<TimeSpan?> ActAsync(V1Pod pod, RuntimePod status, CancellationToken cancellationToken)
    {
        var actions = PodActions.Compute(pod, status, probes);
        if (!actions.KillPod || actions.CreateSandbox)
        {
            await PrepareAsync(pod, cancellationToken);
            if (status.Sandbox is { Ready: true } sandbox)
            {
                await environment.ConnectAsync(pod, sandbox, cancellationToken);
            }
        }

        if (actions.IsEmpty)
        {
            return null;
        }

        if (actions.KillPod)
        {
            await sandboxes.KillAsync(pod, status, actions.CreateSandbox, cancellationToken);
        }

        await sandboxes.KillAsync(pod, actions.Kill, cancellationToken);
        foreach (var container in actions.Resize)
        {
            await resizer.ResizeAsync(pod, container, cancellationToken);
        }

        if (actions.KillPod || actions.Kill.Count > 0)
        {
            status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
        }

        if (actions.CreateSandbox)
        {
            status = await sandboxes.CreateAsync(pod, status, actions.SandboxAttempt, cancellationToken);
        }

        var retry = await StartAsync(pod, actions, status, cancellationToken);
        status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
        Report(pod, status);

        // One step more may be due at once, such as the next container after an init container that ended already.
        // A resize that failed is tried again, but not at once.
        var next = PodActions.Compute(pod, status, probes);
        return retry is null && !next.IsEmpty ? (next with { Resize = [] }).IsEmpty ? ResizeRetry : TimeSpan.Zero : retry;
    }

    private async Task PrepareAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            await environment.PrepareAsync(pod, cancellationToken);
        }
        catch (VolumeException exception)
        {
            events.Record(pod, "Warning", "FailedMount", exception.Message);
            throw;
        }
    }

    private async Task<TimeSpan?> StartAsync(V1Pod pod, PodActionSet actions, RuntimePod status, CancellationToken cancellationToken)
    {
        TimeSpan? retry = null;
        foreach (var container in actions.Start)
        {
            retry = Earliest(retry, await starter.StartAsync(pod, container, status, cancellationToken));
        }

        return retry;
    }
}
