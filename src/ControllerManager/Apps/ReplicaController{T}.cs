using System.Runtime.ExceptionServices;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps;

/// <summary>Keeps as many active pods as an object's spec.replicas says: the one mechanism of ReplicaSets and ReplicationControllers.</summary>
internal abstract class ReplicaController<T>(
    IObjectClient client, ILister<T> owners, ILister<V1Pod> pods, IPodControl podControl, TimeProvider clock) : IController
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>One sync never floods the API server; what is left over is done in the next one. Upstream's number.</summary>
    private const int BurstReplicas = 500;

    private readonly Expectations _expectations = new(clock);
    private readonly Ownership<V1Pod> _ownership = new(client, pods);

    public abstract string Name { get; }

    public abstract int Workers { get; }

    protected ILister<V1Pod> PodLister => pods;

    public void Configure(ControllerBuilder controller) => controller
        .For<T>()
        .Owns<V1Pod>(_expectations)
        .Watches<V1Pod>(change => owners.AdoptersOf(change.New, owner => Read(owner).Selector));

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!owners.TryGet(key, out var owner))
        {
            _expectations.Forget(key);
            return ReconcileResult.Done;
        }

        // Asked before the pods are listed: what is observed in between only makes the list newer.
        var mayAct = _expectations.AreMet(key);
        var workload = Read(owner);
        var active = await _ownership.ClaimAsync(owner, workload.Selector, PodState.IsActive, cancellationToken);
        var failure = mayAct && owner.Metadata?.DeletionTimestamp is null
            ? await CloseGapAsync(key, owner, workload, active, cancellationToken)
            : null;

        await UpdateStatusAsync(owner, workload, active, failure, cancellationToken);
        failure?.Throw();
        return NextAvailability(workload, active);
    }

    protected abstract ReplicaWorkload Read(T owner);

    protected abstract T WithStatus(T owner, ReplicaStatus status);

    /// <summary>Pods that do the same work as the owner's, its own among them.</summary>
    protected abstract IEnumerable<V1Pod> RelatedPods(T owner);

    private async Task<ExceptionDispatchInfo?> CloseGapAsync(
        NamespacedName key, T owner, ReplicaWorkload workload, IReadOnlyList<V1Pod> active, CancellationToken cancellationToken)
    {
        var missing = workload.Replicas - active.Count;
        return missing switch
        {
            > 0 => await CreateAsync(key, owner, workload, Math.Min(missing, BurstReplicas), cancellationToken),
            < 0 => await DeleteAsync(key, owner, Victims(owner, active, Math.Min(-missing, BurstReplicas)), cancellationToken),
            _ => null,
        };
    }

    private async Task<ExceptionDispatchInfo?> CreateAsync(
        NamespacedName key, T owner, ReplicaWorkload workload, int count, CancellationToken cancellationToken)
    {
        _expectations.ExpectCreations(key, count);
        var (succeeded, failure) = await SlowStart.RunAsync(
            count, token => podControl.CreateAsync(owner, workload.Template, token), cancellationToken);
        // Those that failed, and those that were not tried after the failure, will not be seen.
        for (var i = succeeded; i < count; i++)
        {
            _expectations.CreationObserved(key);
        }

        return failure?.SourceException is StatusException exception && PodControl.IsNamespaceTerminating(exception) ? null : failure;
    }

    private async Task<ExceptionDispatchInfo?> DeleteAsync(
        NamespacedName key, T owner, IReadOnlyList<V1Pod> victims, CancellationToken cancellationToken)
    {
        _expectations.ExpectDeletions(key, victims.Select(Uid));
        var failures = await Task.WhenAll(victims.Select(async victim =>
        {
            var (succeeded, failure) = await SlowStart.RunAsync(1, token => DeleteOneAsync(key, owner, victim, token), cancellationToken);
            if (succeeded == 0)
            {
                _expectations.DeletionObserved(key, Uid(victim));
            }

            return failure;
        }));
        return failures.FirstOrDefault(failure => failure is not null);
    }

    private async Task DeleteOneAsync(NamespacedName key, T owner, V1Pod victim, CancellationToken cancellationToken)
    {
        if (!await podControl.DeleteAsync(owner, victim, cancellationToken))
        {
            // Its deletion was told before it was expected.
            _expectations.DeletionObserved(key, Uid(victim));
        }
    }

    private IReadOnlyList<V1Pod> Victims(T owner, IReadOnlyList<V1Pod> active, int count) =>
        count >= active.Count ? active : [.. active.Order(new DeletionOrder(RelatedPods(owner), clock.GetKubernetesNow())).Take(count)];

    private async Task UpdateStatusAsync(
        T owner, ReplicaWorkload workload, IReadOnlyList<V1Pod> active, ExceptionDispatchInfo? failure, CancellationToken cancellationToken)
    {
        var now = clock.GetKubernetesNow();
        var counted = ReplicaStatus.Count(workload, active, owner.Metadata?.Generation ?? 0, now);
        var status = failure is null
            ? counted.WithoutFailure()
            : counted.WithFailure(active.Count < workload.Replicas ? "FailedCreate" : "FailedDelete", failure.SourceException.Message, now);
        if (!status.Equals(workload.Status))
        {
            await client.UpdateStatusAsync(WithStatus(owner, status), cancellationToken);
        }
    }

    // No event comes when a ready pod has been so for long enough.
    private ReconcileResult NextAvailability(ReplicaWorkload workload, IReadOnlyList<V1Pod> active)
    {
        var now = clock.GetKubernetesNow();
        var next = active.Select(pod => pod.UntilAvailable(workload.MinReadySeconds, now)).OfType<TimeSpan>().DefaultIfEmpty().Min();
        return next > TimeSpan.Zero ? new ReconcileResult(next) : ReconcileResult.Done;
    }

    private static string Uid(V1Pod pod) => pod.Metadata?.Uid ?? "";
}
