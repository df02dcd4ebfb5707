using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>Makes the ReplicaSet with a deployment's template, or brings the annotations of the one there is up to date.</summary>
internal sealed class NewReplicaSets(IObjectClient client, DeploymentWriter writer, IEventRecorder events, TimeProvider clock)
{
    public async Task EnsureAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.New is null)
        {
            await CreateAsync(rollout, cancellationToken);
        }
        else
        {
            await SyncAsync(rollout, cancellationToken);
        }
    }

    /// <summary>The revision of the one there is: a template that was rolled back to becomes the newest again.</summary>
    public async Task SyncAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.New is not { } existing)
        {
            return;
        }

        var annotations = Revisions.ForNew(rollout.Deployment, existing, Revisions.Newest(rollout.Old) + 1);
        if (!Revisions.AreEqual(annotations, existing.Metadata?.Annotations) || existing.Spec?.MinReadySeconds != rollout.Deployment.Spec?.MinReadySeconds)
        {
            existing = await client.UpdateAsync(
                existing with
                {
                    Metadata = existing.Metadata! with { Annotations = annotations },
                    Spec = existing.Spec! with { MinReadySeconds = rollout.Deployment.Spec?.MinReadySeconds },
                },
                cancellationToken);
            rollout.Replace(existing);
        }

        await writer.SetRevisionAsync(rollout, Revisions.Of(existing), cancellationToken);
        if (rollout.Deployment.ProgressDeadline() is not null && rollout.Deployment.Status.Find(DeploymentConditions.Progressing) is null)
        {
            await SetProgressingAsync(
                rollout, "True", DeploymentConditions.FoundNewReplicaSet, $"Found new replica set \"{existing.Metadata?.Name}\"", cancellationToken);
        }
    }

    private async Task CreateAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var wanted = Build(rollout);
        var created = await TryCreateAsync(rollout, wanted, cancellationToken);
        rollout.AddNew(created.ReplicaSet);
        if (!created.Existed && created.ReplicaSet.Replicas() > 0)
        {
            events.Record(
                rollout.Deployment,
                "Normal",
                "ScalingReplicaSet",
                $"Scaled up replica set {created.ReplicaSet.Metadata?.Name} from 0 to {created.ReplicaSet.Replicas()}");
        }

        await writer.SetRevisionAsync(rollout, Revisions.Of(created.ReplicaSet), cancellationToken);
        if (!created.Existed)
        {
            await SetProgressingAsync(
                rollout, "True", DeploymentConditions.NewReplicaSetCreated, $"Created new replica set \"{created.ReplicaSet.Metadata?.Name}\"", cancellationToken);
        }
    }

    private async Task<(V1ReplicaSet ReplicaSet, bool Existed)> TryCreateAsync(Rollout rollout, V1ReplicaSet wanted, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.CreateAsync(wanted, cancellationToken), false);
        }
        catch (StatusException exception) when (exception.Reason == "AlreadyExists")
        {
            var existing = await client.GetAsync<V1ReplicaSet>(wanted.Key(), cancellationToken);
            if (existing.ControllerReference()?.Uid == rollout.Deployment.Metadata?.Uid
                && PodTemplates.AreEqual(existing.Spec?.Template, rollout.Deployment.Spec?.Template))
            {
                // Made by the reconciliation before, which the cache does not show yet.
                return (existing, true);
            }

            // Another template of the same hash: the count makes another hash, at the next try.
            var status = rollout.Deployment.Status ?? new V1DeploymentStatus();
            await writer.WriteAsync(rollout, status with { CollisionCount = (status.CollisionCount ?? 0) + 1 }, cancellationToken);
            throw;
        }
        catch (StatusException exception) when (!PodControl.IsNamespaceTerminating(exception))
        {
            var message = $"Failed to create new replica set \"{wanted.Metadata?.Name}\": {exception.Message}";
            events.Record(rollout.Deployment, "Warning", DeploymentConditions.ReplicaSetCreateError, message);
            await SetProgressingAsync(rollout, "False", DeploymentConditions.ReplicaSetCreateError, message, cancellationToken);
            throw;
        }
    }

    private Task SetProgressingAsync(Rollout rollout, string state, string reason, string message, CancellationToken cancellationToken)
    {
        var status = rollout.Deployment.Status ?? new V1DeploymentStatus();
        return rollout.Deployment.ProgressDeadline() is null
            ? Task.CompletedTask
            : writer.WriteAsync(
                rollout,
                status.With(DeploymentConditions.New(DeploymentConditions.Progressing, state, reason, message, clock.GetKubernetesNow())),
                cancellationToken);
    }

    private static V1ReplicaSet Build(Rollout rollout)
    {
        var deployment = rollout.Deployment;
        var spec = deployment.Spec ?? new V1DeploymentSpec();
        var hash = PodTemplates.Hash(spec.Template, deployment.Status?.CollisionCount);
        var labels = WithHash(spec.Template?.Metadata?.Labels, hash);
        var revision = Revisions.Newest(rollout.All) + 1;
        var replicaSet = new V1ReplicaSet
        {
            ApiVersion = "apps/v1",
            Kind = "ReplicaSet",
            Metadata = new V1ObjectMeta
            {
                Name = $"{deployment.Metadata?.Name}-{hash}",
                NamespaceProperty = deployment.Metadata?.NamespaceProperty,
                Labels = labels,
                OwnerReferences = [deployment.ToControllerReference()],
            },
            Spec = new V1ReplicaSetSpec
            {
                Replicas = ScalePlan.NewReplicas(deployment, rollout.TotalReplicas, 0),
                MinReadySeconds = spec.MinReadySeconds,
                Selector = (spec.Selector ?? new V1LabelSelector()) with { MatchLabels = WithHash(spec.Selector?.MatchLabels, hash) },
                Template = (spec.Template ?? new V1PodTemplateSpec()) with
                {
                    Metadata = (spec.Template?.Metadata ?? new V1ObjectMeta()) with { Labels = labels },
                },
            },
        };
        replicaSet.Metadata.Annotations = Revisions.WithSizes(Revisions.ForNew(deployment, replicaSet, revision), deployment);
        return replicaSet;
    }

    private static Dictionary<string, string> WithHash(IDictionary<string, string>? labels, string hash) =>
        new(labels ?? new Dictionary<string, string>()) { [PodTemplates.HashLabel] = hash };
}
