using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler;

/// <summary>Writes a pod's conditions by patch, so that nobody else's are touched, and only when they change.</summary>
internal sealed class PodStatusWriter(IObjectClient client, TimeProvider clock)
{
    /// <summary>Says in the pod's status why it has no node, and where room was made for it (empty: nowhere any more; null: as it was).</summary>
    public async Task WriteUnscheduledAsync(
        PodInfo pod, string reason, string message, string? nominatedNode, CancellationToken cancellationToken)
    {
        var status = new JsonObject();
        if (!HasCondition(pod.Pod, reason, message))
        {
            status["conditions"] = new JsonArray(Condition(pod.Pod, "PodScheduled", "False", reason, message));
        }

        if (nominatedNode is not null && nominatedNode != (pod.Pod.Status?.NominatedNodeName ?? ""))
        {
            status["nominatedNodeName"] = nominatedNode.Length == 0 ? null : nominatedNode;
        }

        if (status.Count > 0)
        {
            await PatchAsync(pod.Key, status, cancellationToken);
        }
    }

    /// <summary>Says of a victim why it will be disrupted, before it is deleted.</summary>
    public Task WriteDisruptionAsync(PodInfo victim, CancellationToken cancellationToken) => PatchAsync(
        victim.Key,
        new JsonObject
        {
            ["conditions"] = new JsonArray(Condition(
                victim.Pod,
                "DisruptionTarget",
                "True",
                "PreemptionByScheduler",
                $"{DefaultProfile.SchedulerName}: preempting to accommodate a higher priority pod")),
        },
        cancellationToken);

    private static bool HasCondition(V1Pod pod, string reason, string message) =>
        Find(pod, "PodScheduled") is { Status: "False" } condition && condition.Reason == reason && condition.Message == message
        && condition.ObservedGeneration == pod.Metadata?.Generation;

    private static V1PodCondition? Find(V1Pod pod, string type) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private JsonObject Condition(V1Pod pod, string type, string status, string reason, string message)
    {
        // A transition is a change of the status, not of the reason.
        var since = Find(pod, type) is { LastTransitionTime: { } last } known && known.Status == status ? last : clock.GetUtcNow().UtcDateTime;
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = reason,
            ["message"] = message,
            ["observedGeneration"] = pod.Metadata?.Generation,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private Task<V1Pod> PatchAsync(NamespacedName key, JsonObject status, CancellationToken cancellationToken) => client.PatchAsync<V1Pod>(
        key,
        new V1Patch(new JsonObject { ["status"] = status }.ToJsonString(), V1Patch.PatchType.StrategicMergePatch),
        "status",
        cancellationToken);
}
