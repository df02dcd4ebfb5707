using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>The next step of a rolling update: old pods that go, or, with a surge, nodes that get a new pod beside the old one. Pure.</summary>
internal static class DaemonUpdate
{
    public static DaemonChanges Compute(DaemonState state)
    {
        var nodes = state.PodsByNode.Keys
            .Union(state.Nodes.Where(node => node.Fit.ShouldRun).Select(node => node.Name))
            .Order(StringComparer.Ordinal)
            .Select(node => (Node: node, Pods: NodePods.Of(state, node)))
            .ToList();
        var maxSurge = state.MaxSurge();
        return maxSurge == 0 ? Replace(state, nodes) : Surge(state, nodes, maxSurge);
    }

    private static DaemonChanges Replace(DaemonState state, List<(string Node, NodePods Pods)> nodes)
    {
        var unavailable = 0;
        var broken = new List<V1Pod>();
        var candidates = new List<V1Pod>();
        foreach (var (_, pods) in nodes)
        {
            if (pods is not { New: null, Old: { } old })
            {
                // None, or both: the plan puts that right, and until then the node has no daemon to count on.
                unavailable += pods is { New: { } newest, Old: null } && IsAvailable(state, newest) ? 0 : 1;
            }
            else if (IsAvailable(state, old))
            {
                candidates.Add(old);
            }
            else
            {
                // It gives nothing up to go.
                broken.Add(old);
                unavailable++;
            }
        }

        return new DaemonChanges([], [.. broken, .. candidates.Take(Math.Max(0, state.MaxUnavailable() - unavailable))]);
    }

    private static DaemonChanges Surge(DaemonState state, List<(string Node, NodePods Pods)> nodes, int maxSurge)
    {
        var surged = 0;
        var delete = new List<V1Pod>();
        var broken = new List<string>();
        var candidates = new List<string>();
        var wanted = state.Nodes.Where(node => node.Fit.ShouldRun).Select(node => node.Name).ToHashSet();
        foreach (var (node, pods) in nodes)
        {
            switch (pods)
            {
                case { IsAmbiguous: true }:
                    surged++;
                    break;
                case { Old: null }:
                    break;
                case { New: { } newest, Old: var old } when IsAvailable(state, newest):
                    delete.Add(old);
                    break;
                case { New: not null }:
                    surged++;
                    break;
                case var _ when !wanted.Contains(node):
                    break;
                case { Old: var old }:
                    (IsAvailable(state, old) ? candidates : broken).Add(node);
                    break;
            }
        }

        return new DaemonChanges([.. broken, .. candidates.Take(Math.Max(0, maxSurge - surged))], delete);
    }

    private static bool IsAvailable(DaemonState state, V1Pod pod) => pod.IsAvailable(state.MinReadySeconds, state.Now);

    /// <summary>What a node has that is not on its way out. With two of a kind it is not said which one counts.</summary>
    private readonly record struct NodePods(V1Pod? New, V1Pod? Old, bool IsAmbiguous)
    {
        public static NodePods Of(DaemonState state, string node)
        {
            var alive = state.PodsOn(node).Where(pod => pod.Metadata?.DeletionTimestamp is null).ToLookup(state.IsUpdated);
            return alive[true].Skip(1).Any() || alive[false].Skip(1).Any()
                ? new NodePods(null, null, true)
                : new NodePods(alive[true].FirstOrDefault(), alive[false].FirstOrDefault(), false);
        }
    }
}
