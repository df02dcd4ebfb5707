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

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>Keeps one pod of a DaemonSet on every node that fits, and brings them to the newest template.</summary>
internal sealed class DaemonSetController(
    IObjectClient client,
    ILister<V1DaemonSet> daemonSets,
    ILister<V1Pod> pods,
    ILister<V1Node> nodes,
    ILister<V1ControllerRevision> revisions,
    IPodControl podControl,
    IEventRecorders recorders,
    ControllerManagerOptions options,
    TimeProvider clock) : IController
{
    private readonly Expectations _expectations = new(clock);
    private readonly Ownership<V1Pod> _ownership = new(client, pods);
    private readonly RevisionHistory _history = new(client, revisions);
    private readonly FailedPodBackoff _backoff = new(clock);
    private readonly IEventRecorder _events = recorders.For("daemonset-controller");

    public string Name => "daemonset-controller";

    public int Workers => options.ConcurrentDaemonSetSyncs;

    private DaemonPodWriter Writer => new(podControl, _expectations);

    public void Configure(ControllerBuilder controller) => controller
        .For<V1DaemonSet>()
        .Owns<V1Pod>(_expectations)
        .Owns<V1ControllerRevision>()
        .Watches<V1Pod>(change => daemonSets.AdoptersOf(change.New, SelectorOf))
        .Watches<V1ControllerRevision>(change => daemonSets.AdoptersOf(change.New, SelectorOf))
        .Watches<V1Node>(FitChangedFor);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!daemonSets.TryGet(key, out var daemonSet))
        {
            _expectations.Forget(key);
            _backoff.Forget();
            return ReconcileResult.Done;
        }

        var selector = SelectorOf(daemonSet);
        if (selector.MatchesEverything)
        {
            _events.Record(daemonSet, "Warning", "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.");
            return ReconcileResult.Done;
        }

        // Its revisions may go before its pods do: nothing could be said of either.
        if (daemonSet.Metadata?.DeletionTimestamp is not null)
        {
            return ReconcileResult.Done;
        }

        // Asked before the pods are listed: what is observed in between only makes the list newer.
        var mayAct = _expectations.AreMet(key);
        var spec = new RevisionedSpec(
            daemonSet, daemonSet.Spec?.Selector, daemonSet.Spec?.Template, daemonSet.Status?.CollisionCount, DaemonPodTemplate.HashLabel);
        var history = await _history.SyncAsync(daemonSet, spec, cancellationToken);
        var state = await ReadAsync(daemonSet, selector, history, cancellationToken);
        if (!mayAct)
        {
            await WriteStatusAsync(state, history, observed: false, cancellationToken);
            return new ReconcileResult(DaemonStatuses.UntilAvailable(state));
        }

        var (failure, retry) = await CloseGapAsync(state, cancellationToken);
        if (failure is null)
        {
            await CleanUpAsync(state, history, cancellationToken);
        }

        await WriteStatusAsync(state, history, observed: true, cancellationToken);
        failure?.Throw();
        return new ReconcileResult(Sooner(retry, DaemonStatuses.UntilAvailable(state)));
    }

    private async Task<DaemonState> ReadAsync(V1DaemonSet daemonSet, LabelSelector selector, RevisionSet history, CancellationToken cancellationToken)
    {
        var claimed = await _ownership.ClaimAsync(daemonSet, selector, _ => true, cancellationToken);
        return new DaemonState(
            daemonSet, nodes.List(), claimed, RevisionHistory.HashOf(history.Update, DaemonPodTemplate.HashLabel), clock.GetKubernetesNow());
    }

    /// <returns>The first failure, and when a pod whose replacement is put off may be looked at again.</returns>
    private async Task<(ExceptionDispatchInfo? Failure, TimeSpan? Retry)> CloseGapAsync(DaemonState state, CancellationToken cancellationToken)
    {
        var plan = new DaemonPlan(state);
        var changes = plan.Compute();
        var (ended, retry) = Replaceable(state, plan.Ended);
        changes = changes with { Delete = [.. changes.Delete, .. ended] };
        var failure = await Writer.WriteAsync(state, changes, cancellationToken);
        if (failure is not null || !state.IsRollingUpdate || !_expectations.AreMet(state.DaemonSet.Key()))
        {
            return (failure, retry);
        }

        return (await Writer.WriteAsync(state, DaemonUpdate.Compute(state), cancellationToken), retry);
    }

    private (List<V1Pod> Pods, TimeSpan? Retry) Replaceable(DaemonState state, IEnumerable<(string Node, V1Pod Pod)> ended)
    {
        var now = new List<V1Pod>();
        TimeSpan? retry = null;
        foreach (var (node, pod) in ended)
        {
            var isFailed = pod.Status?.Phase == "Failed";
            if (isFailed && _backoff.Next($"{state.DaemonSet.Metadata?.Uid}/{state.DaemonSet.Status?.ObservedGeneration}/{node}") is { } delay)
            {
                retry = Sooner(retry, delay);
                continue;
            }

            var (type, reason, words) = isFailed
                ? ("Warning", "FailedDaemonPod", ("failed", "kill"))
                : ("Normal", "SucceededDaemonPod", ("succeeded", "delete"));
            _events.Record(state.DaemonSet, type, reason, $"Found {words.Item1} daemon pod {pod.Key()} on node {node}, will try to {words.Item2} it");
            now.Add(pod);
        }

        return (now, retry);
    }

    private async Task CleanUpAsync(DaemonState state, RevisionSet history, CancellationToken cancellationToken)
    {
        var live = state.PodsByNode.Values.SelectMany(all => all).Select(pod => DaemonPodTemplate.Label(pod, DaemonPodTemplate.HashLabel)).ToHashSet();
        var old = history.Old.ToList();
        await _history.DeleteAsync(
            old.Where(revision => !live.Contains(RevisionHistory.HashOf(revision, DaemonPodTemplate.HashLabel))),
            old.Count - (state.DaemonSet.Spec?.RevisionHistoryLimit ?? 10),
            cancellationToken);
    }

    // Until what was done before is seen, the spec of now has not been acted on.
    private async Task WriteStatusAsync(DaemonState state, RevisionSet history, bool observed, CancellationToken cancellationToken)
    {
        var before = state.DaemonSet.Status ?? new V1DaemonSetStatus();
        var status = DaemonStatuses.Count(state, before) with
        {
            CollisionCount = history.Collisions,
            ObservedGeneration = observed ? state.DaemonSet.Metadata?.Generation : before.ObservedGeneration,
        };
        if (!DaemonStatuses.IsSame(status, before))
        {
            await client.UpdateStatusAsync(state.DaemonSet with { Status = status }, cancellationToken);
        }
    }

    private static TimeSpan? Sooner(TimeSpan? x, TimeSpan? y) => x is null || y < x ? y : x;

    private static LabelSelector SelectorOf(V1DaemonSet daemonSet) => LabelSelector.From(daemonSet.Spec?.Selector);

    // Nodes report every few seconds: only what changes where daemons fit matters.
    private IEnumerable<NamespacedName> FitChangedFor(ObjectChange<V1Node> change) => daemonSets.List()
        .Where(daemonSet => Fit(daemonSet, change.Old) != Fit(daemonSet, change.New))
        .Select(daemonSet => daemonSet.Key());

    private static NodeFit? Fit(V1DaemonSet daemonSet, V1Node? node) => node is null ? null : NodeFit.Of(daemonSet, node);
}
