using k8s.Models;

using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Status;

/// <summary>Says in the API's words what runs of a pod. Pure but for the probes' results and the reasons of failed starts, which it reads.</summary>
internal sealed class PodStatusGenerator(string runtimeName, string nodeIp, IProbeResults probes, ContainerWaits waits, PodResizer resizer)
{
    /// <param name="pod">The pod.</param>
    /// <param name="runtime">What the runtime has of it.</param>
    /// <param name="previous">The status before, if any: the past of containers that are gone is taken from it.</param>
    /// <param name="isTerminal">Nothing of the pod will run again.</param>
    public V1PodStatus Generate(V1Pod pod, RuntimePod runtime, V1PodStatus? previous, bool isTerminal)
    {
        var init = pod.InitContainers().Select(container => InitStatus(pod, container, runtime, previous)).ToList();
        var apps = pod.Containers().Select(container => Status(pod, container, runtime, previous?.ContainerStatuses, isTerminal)).OrderBy(status => status.Name, StringComparer.Ordinal).ToList();
        var ephemeral = pod.EphemeralContainers().Select(container => Status(pod, container, runtime, previous?.EphemeralContainerStatuses, isTerminal)).OrderBy(status => status.Name, StringComparer.Ordinal).ToList();
        var ip = pod.HostNetwork() ? nodeIp : runtime.Sandbox is { Ready: true } sandbox ? sandbox.Ip : "";
        if (ip.Length == 0 && isTerminal)
        {
            ip = previous?.PodIP ?? "";
        }

        var status = new V1PodStatus
        {
            ObservedGeneration = pod.Metadata?.Generation,
            Phase = PodPhase.Of(pod, init, apps, isTerminal),
            HostIP = nodeIp,
            HostIPs = [new V1HostIP { Ip = nodeIp }],
            PodIP = ip.Length > 0 ? ip : null,
            PodIPs = ip.Length > 0 ? [new V1PodIP { Ip = ip }] : null,
            InitContainerStatuses = init.Count > 0 ? init : null,
            ContainerStatuses = apps,
            EphemeralContainerStatuses = ephemeral.Count > 0 ? ephemeral : null,
            QosClass = PodQos.Of(pod),
        };
        status.Conditions = [.. PodConditions.Of(pod, status, runtime.Sandbox is { Ready: true }, isTerminal ? [] : resizer.Conditions(pod, runtime))];
        return status;
    }

    private V1ContainerStatus InitStatus(V1Pod pod, V1Container container, RuntimePod runtime, V1PodStatus? previous)
    {
        var status = Status(pod, container, runtime, previous?.InitContainerStatuses, false);
        if (!container.IsSidecar())
        {
            status.Ready = status.State?.Terminated is { ExitCode: 0 };
            status.Started ??= false;
        }

        return status;
    }

    private V1ContainerStatus Status(
        V1Pod pod, V1Container container, RuntimePod runtime, IList<V1ContainerStatus>? previousStatuses, bool isTerminal)
    {
        var current = runtime.Container(container.Name);
        var previous = previousStatuses?.FirstOrDefault(candidate => candidate.Name == container.Name);
        if (current is null)
        {
            return Missing(pod, container, previous, isTerminal);
        }

        var status = new V1ContainerStatus
        {
            Name = container.Name,
            Image = current.Image.Length > 0 ? current.Image : container.Image,
            ImageID = current.ImageId,
            ContainerID = $"{runtimeName}://{current.Id}",
            RestartCount = current.Attempt,
            State = State(current),
            LastState = new V1ContainerState { Terminated = Terminated(runtime.Previous(container.Name)) ?? previous?.LastState?.Terminated },
            Ready = probes.IsReady(container, current),
            Started = probes.IsStarted(container, current),
            Resources = PodResizer.IsResizing(pod, container, runtime) ? previous?.Resources : container.Resources ?? new V1ResourceRequirements(),
            VolumeMounts = container.VolumeMounts is { Count: > 0 } mounts ? [.. mounts.Select(Mount)] : null,
        };
        if (current.State != ContainerRunState.Running && !isTerminal && waits.Get(pod.Uid(), container.Name) is var (reason, message))
        {
            status.LastState = new V1ContainerState { Terminated = status.State?.Terminated ?? status.LastState.Terminated };
            status.State = Waiting(reason, message);
        }

        return status;
    }

    private V1ContainerStatus Missing(V1Pod pod, V1Container container, V1ContainerStatus? previous, bool isTerminal)
    {
        var status = new V1ContainerStatus
        {
            Name = container.Name,
            Image = container.Image,
            ImageID = "",
            RestartCount = previous?.RestartCount ?? 0,
            State = waits.Get(pod.Uid(), container.Name) is var (reason, message)
                ? Waiting(reason, message)
                : Waiting(pod.InitContainers().Any() ? "PodInitializing" : "ContainerCreating", null),
            LastState = previous?.LastState ?? new V1ContainerState(),
            Ready = false,
            Started = false,
        };

        // It did end and is remembered only here; or it ran, and how it ended can no longer be known.
        if (previous?.State?.Terminated is { } terminated)
        {
            status.ContainerID = previous.ContainerID;
            status.ImageID = previous.ImageID;
            status.State = new V1ContainerState { Terminated = terminated };
        }
        else if (isTerminal && previous?.State?.Running is { } ran)
        {
            status.ContainerID = previous.ContainerID;
            status.ImageID = previous.ImageID;
            status.State = new V1ContainerState
            {
                Terminated = new V1ContainerStateTerminated
                {
                    ExitCode = 137,
                    Reason = "ContainerStatusUnknown",
                    Message = "The container could not be located when the pod was terminated",
                    StartedAt = ran.StartedAt,
                    ContainerID = previous.ContainerID,
                },
            };
        }

        return status;
    }

    private static V1VolumeMountStatus Mount(V1VolumeMount mount) => new()
    {
        Name = mount.Name,
        MountPath = mount.MountPath,
        ReadOnlyProperty = mount.ReadOnlyProperty == true ? true : null,
        RecursiveReadOnly = mount.ReadOnlyProperty == true ? "Disabled" : null,
    };

    private V1ContainerState State(RuntimeContainer container) => container.State switch
    {
        ContainerRunState.Running => new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = Time(container.StartedAt) } },
        ContainerRunState.Exited => new V1ContainerState { Terminated = Terminated(container) },
        _ => Waiting("ContainerCreating", null),
    };

    private V1ContainerStateTerminated? Terminated(RuntimeContainer? container) =>
        container is not { State: ContainerRunState.Exited } ? null : new V1ContainerStateTerminated
        {
            ContainerID = $"{runtimeName}://{container.Id}",
            ExitCode = container.ExitCode,
            Reason = container.Reason.Length > 0 ? container.Reason : container.ExitCode == 0 ? "Completed" : "Error",
            Message = container.Message.Length > 0 ? container.Message : null,
            StartedAt = Time(container.StartedAt),
            FinishedAt = Time(container.FinishedAt),
        };

    private static V1ContainerState Waiting(string reason, string? message) =>
        new() { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } };

    private static DateTime? Time(DateTimeOffset? time) => time is { } known ? ApiTime.Truncate(known) : null;
}
