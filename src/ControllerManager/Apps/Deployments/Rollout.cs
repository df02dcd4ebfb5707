using k8s.Models;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>One deployment with its ReplicaSets, for the time of one reconciliation: each write puts the server's answer in.</summary>
internal sealed class Rollout(V1Deployment deployment, IReadOnlyList<V1ReplicaSet> replicaSets)
{
    private readonly List<V1ReplicaSet> _all = [.. replicaSets];
    private string? _newName = PodTemplates.FindNew(deployment, replicaSets)?.Metadata?.Name;

    public V1Deployment Deployment { get; set; } = deployment;

    public IReadOnlyList<V1ReplicaSet> All => _all;

    /// <summary>The ReplicaSet with the deployment's template; null until it is made.</summary>
    public V1ReplicaSet? New => _all.Find(replicaSet => replicaSet.Metadata?.Name == _newName);

    /// <summary>All others, the oldest first.</summary>
    public IReadOnlyList<V1ReplicaSet> Old =>
        [.. _all.Where(replicaSet => replicaSet.Metadata?.Name != _newName).OrderBy(replicaSet => replicaSet, ByCreation.Instance)];

    /// <summary>The youngest, whatever its template.</summary>
    public V1ReplicaSet? Newest => _all.Max(ByCreation.Instance);

    public int TotalReplicas => _all.Sum(replicaSet => replicaSet.Replicas());

    public int AvailableReplicas => _all.Sum(replicaSet => replicaSet.Status?.AvailableReplicas ?? 0);

    public void AddNew(V1ReplicaSet created)
    {
        _newName = created.Metadata?.Name;
        Replace(created);
    }

    public void Replace(V1ReplicaSet replicaSet)
    {
        _all.RemoveAll(existing => existing.Metadata?.Name == replicaSet.Metadata?.Name);
        _all.Add(replicaSet);
    }
}
