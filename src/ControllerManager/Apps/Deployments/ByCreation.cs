using k8s.Models;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>The oldest first, those of one second by name.</summary>
internal sealed class ByCreation : IComparer<V1ReplicaSet>
{
    public static readonly ByCreation Instance = new();

    public int Compare(V1ReplicaSet? x, V1ReplicaSet? y)
    {
        var byTime = Nullable.Compare(x?.Metadata?.CreationTimestamp, y?.Metadata?.CreationTimestamp);
        return byTime != 0 ? byTime : string.CompareOrdinal(x?.Metadata?.Name, y?.Metadata?.Name);
    }
}
