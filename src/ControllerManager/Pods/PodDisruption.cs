using k8s.Models;

using MiniKube.Client;

namespace MiniKube.ControllerManager.Pods;

/// <summary>Says in a pod's status why the cluster takes it away.</summary>
internal static class PodDisruption
{
    private const string DisruptionTarget = "DisruptionTarget";

    /// <param name="client">Writes the status.</param>
    /// <param name="pod">As it was last seen; the write fails with Conflict if it has changed.</param>
    /// <param name="reason">Upstream's, such as <c>DeletionByPodGC</c>.</param>
    /// <param name="message">For a person.</param>
    /// <param name="now">The time of the transition.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="phase">A phase to set too; null leaves it.</param>
    public static Task TellAsync(
        IObjectClient client, V1Pod pod, string reason, string message, DateTime now, CancellationToken cancellationToken, string? phase = null)
    {
        var condition = new V1PodCondition
        {
            Type = DisruptionTarget,
            Status = "True",
            Reason = reason,
            Message = message,
            LastTransitionTime = now,
            ObservedGeneration = pod.Metadata?.Generation,
        };
        var status = pod.Status ?? new V1PodStatus();
        return client.UpdateStatusAsync(
            pod with
            {
                Status = status with
                {
                    Phase = phase ?? status.Phase,
                    Conditions = [.. (status.Conditions ?? []).Where(other => other.Type != DisruptionTarget), condition],
                },
            },
            cancellationToken);
    }
}
