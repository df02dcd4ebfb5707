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
    ContainerStarter starter,
    ImagePuller puller,
    PodStatusGenerator generator,
    StatusManager statuses,
    ContainerWaits waits,
    ProbeManager probes,
    IEventRecorder events,
    TimeProvider clock) : IPodSyncer
{
    private const string Evicted = "Evicted";

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
            Reject(pod, reason, message);
            return new SyncResult(Finished: true);
        }

        pod = resizer.Allocate(pod, statuses.Get(pod));
        var deadline = Deadline(pod);
        if (deadline <= TimeSpan.Zero)
        {
            const string Message = "Pod was active on the node longer than the specified deadline";
            events.Record(pod, "Normal", "DeadlineExceeded", Message);
            Fail(pod, status, "DeadlineExceeded", Message);
            return new SyncResult(Finished: true);
        }

        if (environment.FindOverfullVolume(pod) is { } overfull)
        {
            events.Record(pod, "Warning", Evicted, overfull);
            Fail(pod, status, Evicted, overfull);
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
        if (statuses.Get(pod) is not { Phase: "Succeeded" or "Failed" } && status.Containers.Count > 0)
        {
            Report(pod, status);
        }

        await StopAllAsync(pod, status, container => $"Stopping container {container.Name}", grace, cancellationToken);
        status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
        probes.Forget(pod.Uid());
        ReportEnd(pod, status);
    }

    public async Task CleanUpAsync(V1Pod pod, bool deleted, CancellationToken cancellationToken)
    {
        if (deleted)
        {
            var status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
            foreach (var container in status.Containers)
            {
                await runtime.RemoveContainerAsync(container.Id, cancellationToken);
            }

            foreach (var sandbox in status.Sandboxes)
            {
                await runtime.RemoveSandboxAsync(sandbox.Id, cancellationToken);
            }

            waits.Forget(pod.Uid());
            puller.Forget(pod.Uid());
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

    private void Reject(V1Pod pod, string reason, string message)
    {
        events.Record(pod, "Warning", reason, message);
        statuses.Set(pod, new V1PodStatus
        {
            Phase = "Failed",
            Reason = reason,
            Message = $"Pod was rejected: {message}",
            QosClass = PodQos.Of(pod),
            ObservedGeneration = pod.Metadata?.Generation,
        });
    }

    private void Fail(V1Pod pod, RuntimePod status, string reason, string message)
    {
        var failed = WithPhase(pod, generator.Generate(pod, status, statuses.Get(pod), false), "Failed") with { Reason = reason, Message = message };
        if (reason == Evicted)
        {
            // Whoever counts failures, such as a Job, is told that this one was not the pod's own.
            failed.Conditions.Add(new V1PodCondition { Type = "DisruptionTarget", Status = "True", Reason = "TerminationByKubelet", Message = message });
        }

        statuses.Set(pod, failed);
    }

    private V1PodStatus Report(V1Pod pod, RuntimePod status)
    {
        probes.Update(pod, status);
        var generated = generator.Generate(pod, status, statuses.Get(pod), false);
        statuses.Set(pod, generated);
        return generated;
    }

    /// <summary>The last status: how each container ended, and a phase that stays.</summary>
    private void ReportEnd(V1Pod pod, RuntimePod status)
    {
        var previous = statuses.Get(pod);
        if (previous is { Phase: "Failed", ContainerStatuses: null })
        {
            return;
        }

        var last = generator.Generate(pod, status, previous, true);
        statuses.Set(pod, previous is { Phase: "Succeeded" or "Failed" }
            ? WithPhase(pod, last, previous.Phase) with { Reason = previous.Reason, Message = previous.Message }
            : last);
    }

    private static V1PodStatus WithPhase(V1Pod pod, V1PodStatus status, string phase)
    {
        var changed = status with { Phase = phase };
        var ready = status.Conditions?.Any(condition => condition is { Type: PodConditions.ReadyToStartContainers, Status: "True" }) == true;
        return changed with { Conditions = [.. PodConditions.Of(pod, changed, ready)] };
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
            await KillAsync(pod, status, actions, cancellationToken);
        }

        await Task.WhenAll(actions.Kill.Select(kill => starter.StopAsync(
            pod, Spec(pod, kill.Name), kill.Id, kill.Name, kill.Message, KillGrace(pod, kill), cancellationToken)));
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
            status = await CreateSandboxAsync(pod, status, actions.SandboxAttempt, cancellationToken);
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

    private async Task KillAsync(V1Pod pod, RuntimePod status, PodActionSet actions, CancellationToken cancellationToken)
    {
        if (actions.CreateSandbox)
        {
            events.Record(pod, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        }

        await StopAllAsync(pod, status, container => $"Stopping container {container.Name}", pod.TerminationGracePeriod(), cancellationToken);
        if (!actions.CreateSandbox)
        {
            return;
        }

        // The new sandbox takes the old one's names and ports.
        foreach (var init in status.Containers.Where(container => pod.InitContainers().Any(spec => spec.Name == container.Name && !spec.IsSidecar())))
        {
            await runtime.RemoveContainerAsync(init.Id, cancellationToken);
        }

        foreach (var sandbox in status.Sandboxes)
        {
            await runtime.RemoveSandboxAsync(sandbox.Id, cancellationToken);
        }
    }

    private async Task<RuntimePod> CreateSandboxAsync(V1Pod pod, RuntimePod status, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            var config = await environment.ConfigureSandboxAsync(pod, attempt, cancellationToken);
            var sandbox = await runtime.RunSandboxAsync(config, cancellationToken);
            await environment.ConnectAsync(pod, sandbox, cancellationToken);
            return status with { Sandboxes = [sandbox] };
        }
        catch (ContainerRuntimeException exception)
        {
            events.Record(pod, "Warning", "FailedCreatePodSandBox", $"Failed to create pod sandbox: {exception.Message}");
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

    /// <summary>Sidecars end last, in the reverse order of their start, once no other container needs them.</summary>
    private async Task StopAllAsync(
        V1Pod pod, RuntimePod status, Func<RuntimeContainer, string> message, TimeSpan grace, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var running = status.Containers.Where(container => container.State == ContainerRunState.Running).ToList();
        var sidecars = pod.InitContainers().Where(PodExtensions.IsSidecar).Select(container => container.Name).Reverse().ToList();
        await Task.WhenAll(running.Where(container => !sidecars.Contains(container.Name)).Select(container =>
            starter.StopAsync(pod, Spec(pod, container.Name), container.Id, container.Name, message(container), grace, cancellationToken)));
        foreach (var container in sidecars.SelectMany(name => running.Where(container => container.Name == name)))
        {
            var left = grace - clock.GetElapsedTime(started);
            await starter.StopAsync(
                pod, Spec(pod, container.Name), container.Id, container.Name, message(container), left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
        }

        foreach (var sandbox in status.Sandboxes.Where(sandbox => sandbox.Ready))
        {
            await runtime.StopSandboxAsync(sandbox.Id, cancellationToken);
        }
    }

    private static V1Container? Spec(V1Pod pod, string name) => pod.AllContainers().FirstOrDefault(container => container.Name == name);

    /// <summary>A probe may set a grace period of its own.</summary>
    private TimeSpan KillGrace(V1Pod pod, ContainerToKill kill)
    {
        var spec = Spec(pod, kill.Name);
        var probe = probes.Get(ProbeType.Startup, kill.Id) == false ? spec?.StartupProbe
            : probes.Get(ProbeType.Liveness, kill.Id) == false ? spec?.LivenessProbe : null;
        return probe?.TerminationGracePeriodSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : pod.TerminationGracePeriod();
    }
}
