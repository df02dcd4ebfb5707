using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>Counts a DaemonSet's nodes. Pure.</summary>
internal static class DaemonStatuses
{
    public static V1DaemonSetStatus Count(DaemonState state, V1DaemonSetStatus before)
    {
        var wanted = state.Nodes.Where(node => node.Fit.ShouldRun).Select(node => state.PodsOn(node.Name)).ToList();
        // The oldest stands for its node.
        var daemons = wanted.Where(pods => pods.Count > 0).Select(pods => pods[0]).ToList();
        var available = daemons.Count(pod => pod.IsAvailable(state.MinReadySeconds, state.Now));
        return before with
        {
            DesiredNumberScheduled = wanted.Count,
            CurrentNumberScheduled = daemons.Count,
            NumberMisscheduled = state.Nodes.Count(node => !node.Fit.ShouldRun && state.PodsOn(node.Name).Count > 0),
            NumberReady = daemons.Count(pod => pod.IsReady()),
            UpdatedNumberScheduled = daemons.Count(state.IsUpdated),
            NumberAvailable = available,
            NumberUnavailable = wanted.Count - available,
        };
    }

    public static bool IsSame(V1DaemonSetStatus x, V1DaemonSetStatus y) => Counts(x) == Counts(y);

    /// <summary>When the next ready pod is available; null when none is waited for.</summary>
    public static TimeSpan? UntilAvailable(DaemonState state) => state.PodsByNode.Values
        .SelectMany(pods => pods)
        .Select(pod => pod.UntilAvailable(state.MinReadySeconds, state.Now))
        .Min();

    private static (int, int, int, int, int, int, int, long, int) Counts(V1DaemonSetStatus status) => (
        status.DesiredNumberScheduled,
        status.CurrentNumberScheduled,
        status.NumberMisscheduled,
        status.NumberReady,
        status.UpdatedNumberScheduled ?? 0,
        status.NumberAvailable ?? 0,
        status.NumberUnavailable ?? 0,
        status.ObservedGeneration ?? 0,
        status.CollisionCount ?? 0);
}
