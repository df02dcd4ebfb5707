using System.Runtime.ExceptionServices;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Apps.History;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.StatefulSets;

/// <summary>Keeps the numbered pods of a StatefulSet, each with its name and its claims, and brings them to the newest template. That nothing is made twice is the names' doing.</summary>
internal sealed class StatefulSetController(
    IObjectClient client,
    ILister<V1StatefulSet> sets,
    ILister<V1Pod> pods,
    ILister<V1PersistentVolumeClaim> claims,
    ILister<V1ControllerRevision> revisions,
    IEventRecorders recorders,
    ControllerManagerOptions options,
    TimeProvider clock) : IController
{
    // A revision carries its own hash; pods carry the revision's name.
    private const string HashLabel = "controller.kubernetes.io/hash";

    private readonly Ownership<V1Pod> _ownership = new(client, pods);
    private readonly RevisionHistory _history = new(client, revisions);
    private readonly StatefulPodWriter _writer = new(client, claims, recorders.For("statefulset-controller"));

    public string Name => "statefulset-controller";

    public int Workers => options.ConcurrentStatefulSetSyncs;

    public void Configure(ControllerBuilder controller) => controller
        .For<V1StatefulSet>()
        .Owns<V1Pod>()
        .Owns<V1ControllerRevision>()
        .Watches<V1Pod>(change => sets.AdoptersOf(change.New, SelectorOf))
        .Watches<V1ControllerRevision>(change => sets.AdoptersOf(change.New, SelectorOf))
        .Reads<V1PersistentVolumeClaim>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!sets.TryGet(key, out var set))
        {
            return ReconcileResult.Done;
        }

        var claimed = await _ownership.ClaimAsync(set, SelectorOf(set), pod => StatefulPods.Ordinal(set, pod) is not null, cancellationToken);
        var spec = new RevisionedSpec(set, set.Spec?.Selector, set.Spec?.Template, set.Status?.CollisionCount, HashLabel);
        var history = await _history.SyncAsync(set, spec, cancellationToken);
        var state = new StatefulState(set, claimed, history, clock.GetKubernetesNow());
        var failure = set.Metadata?.DeletionTimestamp is null ? await SyncAsync(state, cancellationToken) : null;
        await WriteStatusAsync(state, cancellationToken);
        failure?.Throw();
        await CleanUpAsync(state, history, cancellationToken);
        return new ReconcileResult(claimed.Select(pod => pod.UntilAvailable(set.Spec?.MinReadySeconds ?? 0, state.Now)).Min());
    }

    // The status is told even of a sync that failed.
    private async Task<ExceptionDispatchInfo?> SyncAsync(StatefulState state, CancellationToken cancellationToken)
    {
        try
        {
            await new StatefulSync(_writer, state).RunAsync(cancellationToken);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

    private async Task WriteStatusAsync(StatefulState state, CancellationToken cancellationToken)
    {
        var status = StatefulStatuses.Count(state);
        if (!StatefulStatuses.IsSame(status, state.Set.Status))
        {
            await client.UpdateStatusAsync(state.Set with { Status = status }, cancellationToken);
        }
    }

    private async Task CleanUpAsync(StatefulState state, RevisionSet history, CancellationToken cancellationToken)
    {
        // A negative limit keeps all.
        if (state.Set.Spec?.RevisionHistoryLimit < 0)
        {
            return;
        }

        var live = state.Pods.Select(StatefulPods.Revision).Append(state.CurrentRevision).Append(state.UpdateRevision).ToHashSet();
        var old = history.Old.Where(revision => !live.Contains(revision.Metadata?.Name)).ToList();
        await _history.DeleteAsync(old, old.Count - (state.Set.Spec?.RevisionHistoryLimit ?? 10), cancellationToken);
    }

    private static LabelSelector SelectorOf(V1StatefulSet set) => LabelSelector.From(set.Spec?.Selector);
}
