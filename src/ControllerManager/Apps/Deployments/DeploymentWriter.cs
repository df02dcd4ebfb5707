using System.Globalization;

using k8s.Models;

using MiniKube.Client;
using MiniKube.Client.Events;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>The writes of a reconciliation. Each puts the server's answer into the rollout, so that the next write is made from it.</summary>
internal sealed class DeploymentWriter(IObjectClient client, IEventRecorder events)
{
    public async Task WriteAsync(Rollout rollout, V1DeploymentStatus status, CancellationToken cancellationToken) =>
        rollout.Deployment = await client.UpdateStatusAsync(rollout.Deployment with { Status = status }, cancellationToken);

    /// <summary>The annotation by which kubectl knows which revision is rolled out.</summary>
    public async Task SetRevisionAsync(Rollout rollout, long revision, CancellationToken cancellationToken)
    {
        var text = revision.ToString(CultureInfo.InvariantCulture);
        if (rollout.Deployment.Metadata?.Annotations?.TryGetValue(Revisions.Revision, out var current) == true && current == text)
        {
            return;
        }

        // As a write of status, for it is no change of what is wanted: the generation stays.
        var metadata = rollout.Deployment.Metadata ?? new V1ObjectMeta();
        var annotations = new Dictionary<string, string>(metadata.Annotations ?? new Dictionary<string, string>()) { [Revisions.Revision] = text };
        rollout.Deployment = await client.UpdateStatusAsync(
            rollout.Deployment with { Metadata = metadata with { Annotations = annotations } }, cancellationToken);
    }

    /// <summary>Sets a ReplicaSet's size, and the sizes it was computed from.</summary>
    /// <returns>Whether the size changed.</returns>
    public async Task<bool> ScaleAsync(Rollout rollout, V1ReplicaSet replicaSet, int replicas, CancellationToken cancellationToken)
    {
        var old = replicaSet.Replicas();
        var annotations = Revisions.WithSizes(replicaSet.Metadata?.Annotations, rollout.Deployment);
        if (old == replicas && Revisions.AreEqual(annotations, replicaSet.Metadata?.Annotations))
        {
            return false;
        }

        var scaled = replicaSet with
        {
            Metadata = (replicaSet.Metadata ?? new V1ObjectMeta()) with { Annotations = annotations },
            Spec = (replicaSet.Spec ?? new V1ReplicaSetSpec()) with { Replicas = replicas },
        };
        rollout.Replace(await client.UpdateAsync(scaled, cancellationToken));
        if (old == replicas)
        {
            return false;
        }

        var direction = old < replicas ? "up" : "down";
        events.Record(
            rollout.Deployment,
            "Normal",
            "ScalingReplicaSet",
            $"Scaled {direction} replica set {replicaSet.Metadata?.Name} from {old} to {replicas}");
        return true;
    }

    public Task DeleteAsync(V1ReplicaSet replicaSet, CancellationToken cancellationToken) =>
        client.DeleteAsync<V1ReplicaSet>(replicaSet.Key(), null, cancellationToken);
}
