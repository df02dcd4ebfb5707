using k8s.Models;

using MiniKube.Api.Scheduling;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>Whether, and how long, a pod bears a node's taints. Pure.</summary>
internal static class EvictionTimes
{
    /// <returns>When the pod has to go; null when it may stay.</returns>
    public static DateTime? Of(IEnumerable<V1Taint> taints, IList<V1Toleration> tolerations, DateTime now)
    {
        DateTime? earliest = null;
        foreach (var taint in taints)
        {
            var since = taint.TimeAdded ?? now;
            var matching = tolerations.Where(toleration => Tolerations.Tolerates(toleration, taint)).ToList();
            if (matching.Count == 0)
            {
                return since;
            }

            // Of several tolerations the shortest counts; one without a time lasts for ever, and does not make others longer.
            var times = matching.Select(toleration => toleration.TolerationSeconds).OfType<long>().ToList();
            if (times.Count > 0)
            {
                var time = since.AddSeconds(Math.Max(0, times.Min()));
                earliest = earliest is null || time < earliest ? time : earliest;
            }
        }

        return earliest;
    }
}
