using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Nodes;

namespace MiniKube.ControllerManager.Pods;

/// <summary>
/// Deletes pods that nobody else will: the oldest of too many that ended, those of nodes that are gone or out of service, and those that were deleted before they had a node.
/// </summary>
internal sealed class PodGarbageController(
    IObjectClient client, ILister<V1Pod> pods, ILister<V1Node> nodes, ControllerManagerOptions options, TimeProvider clock) : IController
{
    // Upstream's numbers.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    private static readonly NamespacedName Everything = new("", "pods");

    // A node that is not in the cache may be one that is just joining.
    private readonly Dictionary<string, long> _missingSince = [];

    public string Name => "pod-garbage-collector-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller.Reads<V1Pod>().Reads<V1Node>().EnqueueAfter(Everything, TimeSpan.Zero);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        var all = pods.List();
        foreach (var pod in Surplus(all).Concat(all.Where(IsUnscheduledAndTerminating)).Concat(all.Where(IsTerminatingOutOfService)))
        {
            await DeleteAsync(pod, null, cancellationToken);
        }

        await CollectOrphansAsync(all, cancellationToken);
        return new ReconcileResult(Period);
    }

    private IEnumerable<V1Pod> Surplus(IReadOnlyList<V1Pod> all)
    {
        var ended = all.Where(pod => pod.HasEnded() && pod.Metadata?.DeletionTimestamp is null).ToList();
        return options.TerminatedPodGarbageThreshold <= 0
            ? []
            : ended
                .OrderByDescending(pod => pod.Status?.Reason == "Evicted")
                .ThenBy(pod => pod.Metadata?.CreationTimestamp)
                .ThenBy(pod => pod.Metadata?.Name, StringComparer.Ordinal)
                .Take(Math.Max(0, ended.Count - options.TerminatedPodGarbageThreshold));
    }

    private static bool IsUnscheduledAndTerminating(V1Pod pod) =>
        pod.Metadata?.DeletionTimestamp is not null && string.IsNullOrEmpty(pod.Spec?.NodeName);

    private bool IsTerminatingOutOfService(V1Pod pod) =>
        pod.Metadata?.DeletionTimestamp is not null
        && nodes.TryGet(new NamespacedName("", pod.Spec?.NodeName ?? ""), out var node)
        && NodeHealth.ReadyOf(node) is not { Status: "True" }
        && node.Spec?.Taints?.Any(taint => taint.Key == NodeTaints.OutOfService) == true;

    private async Task CollectOrphansAsync(IReadOnlyList<V1Pod> all, CancellationToken cancellationToken)
    {
        var byNode = all
            .Where(pod => !string.IsNullOrEmpty(pod.Spec?.NodeName) && !nodes.TryGet(new NamespacedName("", pod.Spec.NodeName), out _))
            .GroupBy(pod => pod.Spec.NodeName)
            .ToDictionary(group => group.Key, group => group.ToList());
        foreach (var known in _missingSince.Keys.Where(name => !byNode.ContainsKey(name)).ToList())
        {
            _missingSince.Remove(known);
        }

        foreach (var (name, orphans) in byNode)
        {
            if (!_missingSince.TryGetValue(name, out var since))
            {
                _missingSince[name] = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(since) >= Quarantine && await IsGoneAsync(name, cancellationToken))
            {
                foreach (var pod in orphans)
                {
                    await DeleteAsync(pod, "PodGC: node no longer exists", cancellationToken);
                }
            }
        }
    }

    private async Task<bool> IsGoneAsync(string node, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetAsync<V1Node>(new NamespacedName("", node), cancellationToken);
            return false;
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            return true;
        }
    }

    /// <param name="pod">Nobody will end it gracefully.</param>
    /// <param name="lost">Why it is to be Failed first; null when it has ended, or never ran.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    private async Task DeleteAsync(V1Pod pod, string? lost, CancellationToken cancellationToken)
    {
        try
        {
            if (lost is not null && !pod.HasEnded())
            {
                await PodDisruption.TellAsync(client, pod, "DeletionByPodGC", lost, clock.GetKubernetesNow(), cancellationToken, phase: "Failed");
            }

            var options = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = pod.Metadata?.Uid } };
            await client.DeleteAsync<V1Pod>(pod.Key(), options, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code is 404 or 409)
        {
            // Gone, or changed: the next round looks again.
        }
    }
}
