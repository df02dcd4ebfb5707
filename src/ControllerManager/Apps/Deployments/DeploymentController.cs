using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>Brings a deployment's ReplicaSets from the old template to the new one, within the bounds of its strategy.</summary>
internal sealed class DeploymentController(
    IObjectClient client,
    ILister<V1Deployment> deployments,
    ILister<V1ReplicaSet> replicaSets,
    ILister<V1Pod> pods,
    IEventRecorders recorders,
    ControllerManagerOptions options,
    TimeProvider clock) : IController
{
    private readonly Ownership<V1ReplicaSet> _ownership = new(client, replicaSets);
    private readonly IEventRecorder _events = recorders.For("deployment-controller");
    private readonly DeploymentWriter _writer = new(client, recorders.For("deployment-controller"));

    public string Name => "deployment-controller";

    public int Workers => options.ConcurrentDeploymentSyncs;

    private NewReplicaSets NewReplicaSets => new(client, _writer, _events, clock);

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Deployment>()
        .Owns<V1ReplicaSet>()
        .Watches<V1ReplicaSet>(change => deployments.AdoptersOf(change.New, deployment => LabelSelector.From(deployment.Spec?.Selector)))
        .Watches<V1Pod>(RecreatedBy);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!deployments.TryGet(key, out var deployment))
        {
            return ReconcileResult.Done;
        }

        var selector = LabelSelector.From(deployment.Spec?.Selector);
        if (selector.MatchesEverything)
        {
            _events.Record(deployment, "Warning", "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
            return ReconcileResult.Done;
        }

        var owned = await _ownership.ClaimAsync(deployment, selector, _ => true, cancellationToken);
        var rollout = new Rollout(deployment, owned);
        if (deployment.Metadata?.DeletionTimestamp is not null)
        {
            return await WriteStatusAsync(rollout, DeploymentStatuses.Count(rollout, Now()), cancellationToken);
        }

        await TellPausedAsync(rollout, cancellationToken);
        return deployment.IsPaused() || IsResized(rollout)
            ? await ResizeAsync(rollout, cancellationToken)
            : await RollOutAsync(rollout, cancellationToken);
    }

    private async Task<ReconcileResult> RollOutAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var moved = rollout.Deployment.IsRollingUpdate()
            ? await RollAsync(rollout, cancellationToken)
            : await RecreateAsync(rollout, cancellationToken);
        if (!moved && DeploymentStatuses.IsComplete(rollout.Deployment, rollout.Deployment.Status))
        {
            await CleanUpAsync(rollout, cancellationToken);
        }

        return await WriteStatusAsync(rollout, DeploymentStatuses.OfRollout(rollout, Now()), cancellationToken);
    }

    /// <returns>Whether a size changed. One step a time: the next is taken when the status shows this one.</returns>
    private async Task<bool> RollAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        await NewReplicaSets.EnsureAsync(rollout, cancellationToken);
        if (rollout.New is not { } newest)
        {
            return false;
        }

        var size = ScalePlan.NewReplicas(rollout.Deployment, rollout.TotalReplicas, newest.Replicas());
        return (size != newest.Replicas() && await _writer.ScaleAsync(rollout, newest, size, cancellationToken))
            || await ScaleAllAsync(rollout, ScalePlan.ShrinkOld(rollout), cancellationToken);
    }

    /// <returns>Whether a size changed, or old pods are still there.</returns>
    private async Task<bool> RecreateAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        await NewReplicaSets.SyncAsync(rollout, cancellationToken);
        var shrunk = await ScaleAllAsync(
            rollout, [.. rollout.Old.Where(old => old.Replicas() > 0).Select(old => (old, 0))], cancellationToken);
        if (shrunk || OldPodsRun(rollout))
        {
            return true;
        }

        await NewReplicaSets.EnsureAsync(rollout, cancellationToken);
        return rollout.New is { } newest && await _writer.ScaleAsync(rollout, newest, rollout.Deployment.Replicas(), cancellationToken);
    }

    // A status may say none while a pod is still ending: the pods themselves are asked too.
    private bool OldPodsRun(Rollout rollout) => rollout.Old.Any(
        old => (old.Status?.Replicas ?? 0) > 0 || pods.OwnedBy(old).Any(pod => !pod.HasEnded()));

    private async Task<ReconcileResult> ResizeAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        await NewReplicaSets.SyncAsync(rollout, cancellationToken);
        await ScaleAllAsync(rollout, Sizes(rollout), cancellationToken);
        if (rollout.Deployment.IsPaused())
        {
            await CleanUpAsync(rollout, cancellationToken);
        }

        return await WriteStatusAsync(rollout, DeploymentStatuses.Count(rollout, Now()), cancellationToken);
    }

    private static IReadOnlyList<(V1ReplicaSet ReplicaSet, int Replicas)> Sizes(Rollout rollout)
    {
        var replicas = rollout.Deployment.Replicas();
        var active = rollout.All.Where(replicaSet => replicaSet.Replicas() > 0).ToList();
        var only = active.Count switch
        {
            0 => rollout.New ?? rollout.Newest,
            1 => active[0],
            _ => null,
        };
        if (only is not null || active.Count == 0)
        {
            return only is null ? [] : [(only, replicas)];
        }

        if (IsSaturated(rollout))
        {
            return [.. rollout.Old.Where(old => old.Replicas() > 0).Select(old => (old, 0))];
        }

        return rollout.Deployment.IsRollingUpdate() ? ScalePlan.Proportional(rollout.Deployment, active) : [];
    }

    private static bool IsSaturated(Rollout rollout) =>
        rollout.New is { } newest
        && Revisions.Desired(newest) == rollout.Deployment.Replicas()
        && newest.Replicas() == rollout.Deployment.Replicas()
        && newest.Status?.AvailableReplicas == rollout.Deployment.Replicas();

    private static bool IsResized(Rollout rollout) => rollout.All.Any(replicaSet =>
        replicaSet.Replicas() > 0 && Revisions.Desired(replicaSet) is { } desired && desired != rollout.Deployment.Replicas());

    private async Task<bool> ScaleAllAsync(
        Rollout rollout, IReadOnlyList<(V1ReplicaSet ReplicaSet, int Replicas)> sizes, CancellationToken cancellationToken)
    {
        var any = false;
        foreach (var (replicaSet, replicas) in sizes)
        {
            any |= await _writer.ScaleAsync(rollout, replicaSet, replicas, cancellationToken);
        }

        return any;
    }

    /// <summary>Deletes the oldest of the revisions beyond revisionHistoryLimit, if they have no pods.</summary>
    private async Task CleanUpAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var old = rollout.Old.Where(replicaSet => replicaSet.Metadata?.DeletionTimestamp is null).OrderBy(Revisions.Of).ToList();
        var surplus = old.Count - (rollout.Deployment.Spec?.RevisionHistoryLimit ?? int.MaxValue);
        foreach (var replicaSet in old.Take(Math.Max(0, surplus)).Where(IsIdle))
        {
            try
            {
                await _writer.DeleteAsync(replicaSet, cancellationToken);
            }
            catch (StatusException exception) when (exception.Code == 404)
            {
                // Gone already.
            }
        }
    }

    private static bool IsIdle(V1ReplicaSet replicaSet) =>
        replicaSet.Replicas() == 0
        && (replicaSet.Status?.Replicas ?? 0) == 0
        && (replicaSet.Metadata?.Generation ?? 0) <= (replicaSet.Status?.ObservedGeneration ?? 0);

    // The deadline must not run while a deployment is paused.
    private async Task TellPausedAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var deployment = rollout.Deployment;
        var current = deployment.Status.Find(DeploymentConditions.Progressing);
        var told = current?.Reason == DeploymentConditions.DeploymentPaused;
        if (deployment.ProgressDeadline() is null || current?.Reason == DeploymentConditions.ProgressDeadlineExceeded || deployment.IsPaused() == told)
        {
            return;
        }

        var condition = deployment.IsPaused()
            ? DeploymentConditions.New(DeploymentConditions.Progressing, "Unknown", DeploymentConditions.DeploymentPaused, "Deployment is paused", Now())
            : DeploymentConditions.New(DeploymentConditions.Progressing, "Unknown", DeploymentConditions.DeploymentResumed, "Deployment is resumed", Now());
        await _writer.WriteAsync(rollout, (deployment.Status ?? new V1DeploymentStatus()).With(condition), cancellationToken);
    }

    private async Task<ReconcileResult> WriteStatusAsync(Rollout rollout, V1DeploymentStatus status, CancellationToken cancellationToken)
    {
        if (!AreEqual(status, rollout.Deployment.Status))
        {
            await _writer.WriteAsync(rollout, status, cancellationToken);
        }

        return new ReconcileResult(DeploymentStatuses.UntilDeadline(rollout.Deployment, status, Now()));
    }

    private static bool AreEqual(V1DeploymentStatus x, V1DeploymentStatus? y) =>
        k8s.KubernetesJson.Serialize(x) == k8s.KubernetesJson.Serialize(y ?? new V1DeploymentStatus());

    private DateTime Now() => clock.GetKubernetesNow();

    // Recreate waits for the last old pod to be gone, which no ReplicaSet tells.
    private IEnumerable<NamespacedName> RecreatedBy(ObjectChange<V1Pod> change)
    {
        if (change is { New: null, Old: { } pod }
            && pod.ControllerReference() is { Kind: "ReplicaSet" } owner
            && replicaSets.TryGet(new NamespacedName(pod.Key().Namespace, owner.Name), out var replicaSet)
            && replicaSet.ControllerReference() is { Kind: "Deployment" } deploymentReference
            && deployments.TryGet(new NamespacedName(pod.Key().Namespace, deploymentReference.Name), out var deployment)
            && !deployment.IsRollingUpdate())
        {
            yield return deployment.Key();
        }
    }
}
