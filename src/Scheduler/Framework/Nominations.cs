using System.Collections.Concurrent;

namespace MiniKube.Scheduler.Framework;

/// <summary>The nodes on which preemption made room, and for which pod. Safe to use from many threads.</summary>
internal sealed class Nominations
{
    private readonly ConcurrentDictionary<string, (PodInfo Pod, string NodeName)> _byPod = new(StringComparer.Ordinal);

    public void Set(PodInfo pod, string nodeName) => _byPod[pod.Uid] = (pod, nodeName);

    public void Remove(string uid) => _byPod.TryRemove(uid, out _);

    public string? NodeOf(string uid) => _byPod.TryGetValue(uid, out var nomination) ? nomination.NodeName : null;

    /// <summary>The pods for which room on the node must be left: those of at least this pod's priority.</summary>
    public IReadOnlyList<PodInfo> On(string nodeName, PodInfo pod)
    {
        // Hot path: nearly always there are none.
        if (_byPod.IsEmpty)
        {
            return [];
        }

        return [.. from nomination in _byPod.Values
                   where nomination.NodeName == nodeName && nomination.Pod.Priority >= pod.Priority && nomination.Pod.Uid != pod.Uid
                   select nomination.Pod];
    }
}
