using k8s.Models;

using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>Decides what to do for a pod, from its spec and what runs. Pure: doing it is PodSyncer's.</summary>
internal static class PodActions
{
    public static PodActionSet Compute(V1Pod pod, RuntimePod status, IProbeResults probes) =>
        status.Sandbox is { Ready: true } sandbox && status.Sandboxes.Count(candidate => candidate.Ready) == 1
            ? InSandbox(pod, status, probes)
            : WithoutSandbox(pod, status);

    /// <summary>Whether a container that ended is to run again.</summary>
    public static bool ShouldRestart(V1Pod pod, V1Container container, RuntimeContainer? last)
    {
        if (last is null or { State: ContainerRunState.Created })
        {
            return true;
        }

        if (pod.IsDeleted() || last.State == ContainerRunState.Running)
        {
            return false;
        }

        return pod.RestartPolicy() switch
        {
            "Never" => container.IsSidecar(),
            "OnFailure" => container.IsSidecar() || last.ExitCode != 0,
            _ => true,
        };
    }

    private static PodActionSet WithoutSandbox(V1Pod pod, RuntimePod status)
    {
        var attempt = status.Sandboxes.Count > 0 ? status.Sandboxes.Max(sandbox => sandbox.Attempt) + 1 : 0;
        var apps = pod.Containers().Where(container => ShouldRestart(pod, container, WithoutNetwork(status.Container(container.Name)))).ToList();

        // A pod that must not restart and has run before stays as it ended, even if its sandbox died under it.
        if (pod.RestartPolicy() == "Never" && attempt > 0 && status.Containers.Any(IsNotSidecarOf(pod)))
        {
            return new PodActionSet { KillPod = true };
        }

        if (apps.Count == 0)
        {
            return status.Containers.Any(container => container.State == ContainerRunState.Running)
                ? new PodActionSet { KillPod = true }
                : PodActionSet.None;
        }

        // A new sandbox is a new start: the init containers run again.
        var first = pod.InitContainers().FirstOrDefault();
        return new PodActionSet
        {
            KillPod = attempt > 0,
            CreateSandbox = true,
            SandboxAttempt = attempt,
            Start = first is null ? apps : [first],
        };
    }

    // What still runs without its sandbox will be killed with it.
    private static RuntimeContainer? WithoutNetwork(RuntimeContainer? container) =>
        container is { State: ContainerRunState.Running } ? container with { State = ContainerRunState.Exited, ExitCode = 137 } : container;

    private static Func<RuntimeContainer, bool> IsNotSidecarOf(V1Pod pod) =>
        container => !pod.InitContainers().Any(init => init.Name == container.Name && init.IsSidecar());

    private static PodActionSet InSandbox(V1Pod pod, RuntimePod status, IProbeResults probes)
    {
        var kill = new List<ContainerToKill>();
        var start = new List<V1Container>();
        start.AddRange(pod.EphemeralContainers().Where(container => status.Container(container.Name) is null));

        switch (Initialize(pod, status, probes, kill, start))
        {
            case InitProgress.Failed:
                return new PodActionSet { KillPod = true };
            case InitProgress.Running:
                return new PodActionSet { Kill = kill, Start = start, Resize = Resizes(pod, status, kill) };
            default:
                var keep = RunApps(pod, status, probes, kill, start);
                return keep || start.Count > 0 ? new PodActionSet { Kill = kill, Start = start, Resize = Resizes(pod, status, kill) } : new PodActionSet { KillPod = true };
        }
    }

    /// <summary>Init containers run one after the other; a restartable one only has to be started before the next.</summary>
    private static InitProgress Initialize(
        V1Pod pod, RuntimePod status, IProbeResults probes, List<ContainerToKill> kill, List<V1Container> start)
    {
        // Old init containers may have been removed: a pod whose containers were made has been initialized.
        var initialized = pod.Containers().Any(container => status.Container(container.Name) is { } made && made.BelongsTo(status.Sandbox));
        foreach (var container in pod.InitContainers())
        {
            var last = status.Container(container.Name);
            if (last is not null && !last.BelongsTo(status.Sandbox))
            {
                last = null;
            }

            if (container.IsSidecar())
            {
                if (Check(pod, container, last, probes, kill, start) is false || !probes.IsStarted(container, last))
                {
                    if (!initialized)
                    {
                        return InitProgress.Running;
                    }
                }
            }
            else if (!initialized && last is not { State: ContainerRunState.Exited, ExitCode: 0 })
            {
                if (last is { State: ContainerRunState.Exited } && pod.RestartPolicy() == "Never")
                {
                    return InitProgress.Failed;
                }

                Check(pod, container, last, probes, kill, start);
                return InitProgress.Running;
            }
        }

        return InitProgress.Done;
    }

    /// <summary>Whether anything of the pod runs or waits to: when nothing does, the sandbox has no more use.</summary>
    private static bool RunApps(
        V1Pod pod, RuntimePod status, IProbeResults probes, List<ContainerToKill> kill, List<V1Container> start)
    {
        var keep = false;
        foreach (var container in pod.Containers())
        {
            var last = status.Container(container.Name);
            if (Check(pod, container, last, probes, kill, start) || last is { State: ContainerRunState.Running })
            {
                keep = true;
            }
        }

        return keep;
    }

    /// <summary>Starts what should run, kills what should not; true when it runs and may go on.</summary>
    private static bool Check(
        V1Pod pod, V1Container container, RuntimeContainer? last, IProbeResults probes, List<ContainerToKill> kill, List<V1Container> start)
    {
        if (last is not { State: ContainerRunState.Running })
        {
            if (ShouldRestart(pod, container, last))
            {
                start.Add(container);
            }

            return false;
        }

        if ((KillReason(container, last, probes) ?? ResizeReason(pod, container, last)) is not { } message)
        {
            return true;
        }

        kill.Add(new ContainerToKill(last.Id, last.Name, message));
        if (ShouldRestart(pod, container, last with { State = ContainerRunState.Exited, ExitCode = 137 }))
        {
            start.Add(container);
        }

        return false;
    }

    private static string? KillReason(V1Container container, RuntimeContainer running, IProbeResults probes) =>
        running.Image.Length > 0 && container.Image is { } image && running.Image != image
            ? $"Container {container.Name} definition changed, will be restarted"
        : probes.Get(ProbeType.Liveness, running.Id) == false ? $"Container {container.Name} failed liveness probe, will be restarted"
        : probes.Get(ProbeType.Startup, running.Id) == false ? $"Container {container.Name} failed startup probe, will be restarted"
        : null;

    /// <summary>A container may want to be restarted rather than get other limits while it runs.</summary>
    private static string? ResizeReason(V1Pod pod, V1Container container, RuntimeContainer running)
    {
        if (running.Resources is not { } actual)
        {
            return null;
        }

        var wanted = ContainerResourceMath.Of(pod, container, 0);
        var restarts = container.ResizePolicy?.Where(policy => policy.RestartPolicy == "RestartContainer").Select(policy => policy.ResourceName).ToList() ?? [];
        return (restarts.Contains("cpu") && (wanted.CpuShares, wanted.CpuQuota) != (actual.CpuShares, actual.CpuQuota)) || (restarts.Contains("memory") && wanted.Memory != actual.Memory)
            ? $"Container {container.Name} resize requires restart"
            : null;
    }

    private static List<ContainerToResize> Resizes(V1Pod pod, RuntimePod status, List<ContainerToKill> kill) =>
    [
        .. pod.InitContainers().Where(PodExtensions.IsSidecar).Concat(pod.Containers())
            .Where(container => PodResizer.IsResizing(pod, container, status) && !kill.Any(killed => killed.Name == container.Name))
            .Select(container => new ContainerToResize(status.Container(container.Name)?.Id ?? "", container.Name, ContainerResourceMath.Of(pod, container, 0))),
    ];

    private enum InitProgress
    {
        Running,
        Failed,
        Done,
    }
}
