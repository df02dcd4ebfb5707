using k8s.Models;

using MiniKube.Client.Events;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Status;

namespace MiniKube.Kubelet.Pods;

/// <summary>Tells of a pod what is seen of it, and why it ends before its time.</summary>
internal sealed class PodReporter(
    IContainerRuntime runtime, PodStatusGenerator generator, StatusManager statuses, IProbeResults probes, IEventRecorder events, TimeProvider clock)
{
    public const string Evicted = "Evicted";

    private static readonly TimeSpan ReadinessCheck = TimeSpan.FromSeconds(1);

    /// <summary>The pod may not run here.</summary>
    public void Reject(V1Pod pod, string reason, string message)
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

    /// <summary>The pod has run long or large enough.</summary>
    public void Fail(V1Pod pod, RuntimePod status, string type, string reason, string message)
    {
        events.Record(pod, type, reason, message);
        var failed = WithPhase(pod, generator.Generate(pod, status, statuses.Get(pod), false), "Failed") with { Reason = reason, Message = message };
        if (reason == Evicted)
        {
            // Whoever counts failures, such as a Job, is told that this one was not the pod's own.
            failed.Conditions.Add(new V1PodCondition
            {
                Type = "DisruptionTarget",
                Status = "True",
                Reason = "TerminationByKubelet",
                Message = message,
                ObservedGeneration = pod.Metadata?.Generation,
            });
        }

        statuses.Set(pod, failed);
    }

    public V1PodStatus Report(V1Pod pod, RuntimePod status)
    {
        var generated = generator.Generate(pod, status, statuses.Get(pod), false);
        statuses.Set(pod, generated);
        return generated;
    }

    /// <summary>Until its containers are gone a pod still tells whether it is ready.</summary>
    public async Task FollowReadinessAsync(V1Pod pod, RuntimePod status, Task stopping, CancellationToken cancellationToken)
    {
        var probed = pod.Containers().Where(container => container.ReadinessProbe is not null).ToList();
        var last = Ready();
        while (probed.Count > 0 && await Task.WhenAny(stopping, Task.Delay(ReadinessCheck, clock, CancellationToken.None)) != stopping)
        {
            if (Ready() is var ready && !ready.SequenceEqual(last))
            {
                last = ready;
                Report(pod, await runtime.GetPodAsync(pod.Uid(), cancellationToken));
            }
        }

        List<bool> Ready() => [.. probed.Select(container => probes.IsReady(container, status.Container(container.Name)))];
    }

    /// <summary>The last status: how each container ended, and a phase that stays.</summary>
    public void ReportEnd(V1Pod pod, RuntimePod status)
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
}
