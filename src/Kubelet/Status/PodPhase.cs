using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Status;

/// <summary>A pod's phase, from its containers' states. Upstream's rules.</summary>
internal static class PodPhase
{
    /// <param name="pod">The pod.</param>
    /// <param name="init">The statuses of its init containers.</param>
    /// <param name="apps">The statuses of its other containers.</param>
    /// <param name="isTerminal">Nothing of the pod will run again, whatever its restart policy says.</param>
    public static string Of(V1Pod pod, IReadOnlyList<V1ContainerStatus> init, IReadOnlyList<V1ContainerStatus> apps, bool isTerminal)
    {
        if (InitPhase(pod, init, apps, isTerminal) is { } phase)
        {
            return phase;
        }

        var states = pod.Containers().Select(container => apps.FirstOrDefault(status => status.Name == container.Name)).ToList();
        var running = states.Count(status => status?.State?.Running is not null);
        var stopped = states.Where(status => Ended(status) is not null).Select(Ended).ToList();
        var succeeded = stopped.Count(state => state?.ExitCode == 0);
        var waiting = states.Count - running - stopped.Count;

        if (waiting > 0)
        {
            return isTerminal ? "Failed" : "Pending";
        }

        if (running > 0)
        {
            return "Running";
        }

        if (isTerminal || pod.RestartPolicy() == "Never")
        {
            return succeeded == stopped.Count ? "Succeeded" : "Failed";
        }

        // Some will be restarted: the pod goes on.
        return pod.RestartPolicy() == "OnFailure" && succeeded == stopped.Count ? "Succeeded" : "Running";
    }

    private static string? InitPhase(V1Pod pod, IReadOnlyList<V1ContainerStatus> init, IReadOnlyList<V1ContainerStatus> apps, bool isTerminal)
    {
        if (apps.Any(status => status.State?.Running is not null || Ended(status) is not null))
        {
            return null;
        }

        foreach (var container in pod.InitContainers())
        {
            var status = init.FirstOrDefault(candidate => candidate.Name == container.Name);
            if (container.IsSidecar())
            {
                if (status is not { Started: true })
                {
                    return isTerminal ? "Failed" : "Pending";
                }
            }
            else if (Ended(status) is not { } ended)
            {
                return isTerminal ? "Failed" : "Pending";
            }
            else if (ended.ExitCode != 0)
            {
                return isTerminal || pod.RestartPolicy() == "Never" ? "Failed" : "Pending";
            }
        }

        return null;
    }

    /// <summary>How it ended, if it did: a container that waits for its restart counts as ended.</summary>
    private static V1ContainerStateTerminated? Ended(V1ContainerStatus? status) =>
        status?.State?.Terminated ?? (status?.State?.Waiting is not null ? status.LastState?.Terminated : null);
}
