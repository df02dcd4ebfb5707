using k8s.Models;

using MiniKube.ControllerManager.Apps.History;

namespace MiniKube.ControllerManager.Apps.StatefulSets;

/// <summary>A StatefulSet with its pods at one moment.</summary>
internal sealed class StatefulState
{
    private readonly V1PodTemplateSpec _currentTemplate;

    /// <param name="set">Whose pods.</param>
    /// <param name="pods">Its pods, by their names.</param>
    /// <param name="revisions">Its history.</param>
    /// <param name="now">For what is available.</param>
    public StatefulState(V1StatefulSet set, IReadOnlyList<V1Pod> pods, RevisionSet revisions, DateTime now)
    {
        (Set, Pods, Now) = (set, pods, now);
        Collisions = revisions.Collisions ?? 0;
        // A set whose current revision is not known any more, such as a new one, starts with the newest.
        var current = revisions.Find(set.Status?.CurrentRevision) ?? revisions.Update;
        (CurrentRevision, UpdateRevision) = (current.Metadata?.Name ?? "", revisions.Update.Metadata?.Name ?? "");
        _currentTemplate = RevisionData.Template(current) ?? set.Spec?.Template ?? new V1PodTemplateSpec();
        var byOrdinal = pods.GroupBy(pod => StatefulPods.Ordinal(set, pod) ?? -1).ToDictionary(group => group.Key, group => group.First());
        Replicas =
        [
            .. Enumerable.Range(set.StartOrdinal(), set.Replicas()).Select(ordinal => (ordinal, byOrdinal.GetValueOrDefault(ordinal) ?? NewPod(ordinal))),
        ];
        Condemned = [.. byOrdinal.Where(entry => entry.Key >= 0 && !StatefulPods.IsInRange(set, entry.Key)).OrderByDescending(entry => entry.Key).Select(entry => (entry.Key, entry.Value))];
    }

    public V1StatefulSet Set { get; }

    /// <summary>The pods that were there when the sync began.</summary>
    public IReadOnlyList<V1Pod> Pods { get; }

    public DateTime Now { get; }

    public int Collisions { get; }

    public string CurrentRevision { get; }

    public string UpdateRevision { get; }

    /// <summary>One a replica, those that are to be made among them; the lowest ordinal first.</summary>
    public IReadOnlyList<(int Ordinal, V1Pod Pod)> Replicas { get; }

    /// <summary>Pods beyond the replicas, the highest ordinal first.</summary>
    public IReadOnlyList<(int Ordinal, V1Pod Pod)> Condemned { get; }

    public bool IsUnavailable(V1Pod pod) => StatefulPods.IsTerminating(pod) || !StatefulPods.IsRunningAndAvailable(Set, pod, Now);

    /// <summary>Of all pods the first that is not available: the only one that is deleted although another is broken.</summary>
    public V1Pod? FirstUnavailable() => Replicas.Concat(Condemned.Reverse()).Select(entry => entry.Pod).FirstOrDefault(IsUnavailable);

    // A pod that is lost during an update comes back as it was, if its turn has not come.
    private V1Pod NewPod(int ordinal) => IsStillCurrent(ordinal)
        ? StatefulPods.New(Set, _currentTemplate, CurrentRevision, ordinal)
        : StatefulPods.New(Set, Set.Spec?.Template ?? new V1PodTemplateSpec(), UpdateRevision, ordinal);

    private bool IsStillCurrent(int ordinal) => Set.IsRollingUpdate()
        && ordinal < Set.StartOrdinal() + (Set.Spec?.UpdateStrategy?.RollingUpdate is { } rolling ? rolling.Partition ?? 0 : Set.Status?.CurrentReplicas ?? 0);
}
