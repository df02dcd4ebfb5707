using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>Which nodes lack a daemon, and which pods are too many or have ended. Decides nothing about updates. Pure.</summary>
internal sealed class DaemonPlan(DaemonState state)
{
    private readonly List<string> _create = [];
    private readonly List<V1Pod> _delete = [];

    /// <summary>Pods that have ended, with their nodes: they are deleted too, but a failed one only when its back-off allows.</summary>
    public List<(string Node, V1Pod Pod)> Ended { get; } = [];

    public DaemonChanges Compute()
    {
        foreach (var (name, fit) in state.Nodes)
        {
            Add(name, fit, state.PodsOn(name));
        }

        // Of a node that is gone: pods that were never bound there are nobody else's to delete.
        var known = state.Nodes.Select(node => node.Name).ToHashSet();
        _delete.AddRange(state.PodsByNode
            .Where(entry => !known.Contains(entry.Key))
            .SelectMany(entry => entry.Value)
            .Where(pod => string.IsNullOrEmpty(pod.Spec?.NodeName) && pod.Metadata?.DeletionTimestamp is null));
        return new DaemonChanges(_create, _delete);
    }

    private void Add(string node, NodeFit fit, IReadOnlyList<V1Pod> pods)
    {
        if (fit.ShouldRun && pods.Count == 0)
        {
            _create.Add(node);
            return;
        }

        var alive = pods.Where(pod => pod.Metadata?.DeletionTimestamp is null).ToList();
        if (!fit.MayContinue)
        {
            _delete.AddRange(alive);
            return;
        }

        Ended.AddRange(alive.Where(pod => pod.HasEnded()).Select(pod => (node, pod)));
        var running = alive.Where(pod => !pod.HasEnded()).ToList();
        if (!state.AllowsSurge)
        {
            _delete.AddRange(running.Skip(1));
        }
        else if (running.Count == 0 && fit.ShouldRun)
        {
            _create.Add(node);
        }
        else if (running.Count > 1)
        {
            DeleteSurplus(running);
        }
    }

    // One old pod and one new one may be there, until the new one is available or the old one fails.
    private void DeleteSurplus(List<V1Pod> running)
    {
        bool IsNew(V1Pod pod) => DaemonPodTemplate.Label(pod, DaemonPodTemplate.HashLabel) == state.Hash;
        var newest = running.Find(IsNew);
        var old = running.Find(pod => !IsNew(pod));
        _delete.AddRange(running.Where(pod => pod != newest && pod != old));
        if (newest is not null && old is not null && (!old.IsReady() || newest.IsAvailable(state.MinReadySeconds, state.Now)))
        {
            _delete.Add(old);
        }
    }
}
