using k8s.Models;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>How large the ReplicaSets of a deployment should be: pure arithmetic, step by step as upstream's.</summary>
internal static class ScalePlan
{
    /// <summary>How large the new one may be now.</summary>
    public static int NewReplicas(V1Deployment deployment, int totalReplicas, int newReplicas)
    {
        if (!deployment.IsRollingUpdate() || newReplicas > deployment.Replicas())
        {
            return deployment.Replicas();
        }

        var room = deployment.Replicas() + deployment.MaxSurge() - totalReplicas;
        return room <= 0 ? newReplicas : newReplicas + Math.Min(room, deployment.Replicas() - newReplicas);
    }

    /// <summary>
    /// How far the old ones may shrink now, without leaving fewer pods available than the strategy says. Pods that are not available go first: to lose them costs nothing, and an old version that never
    /// worked cannot block a rollout.
    /// </summary>
    public static IReadOnlyList<(V1ReplicaSet ReplicaSet, int Replicas)> ShrinkOld(Rollout rollout)
    {
        var minAvailable = rollout.Deployment.Replicas() - rollout.Deployment.MaxUnavailable();
        var newUnavailable = (rollout.New?.Replicas() ?? 0) - (rollout.New?.Status?.AvailableReplicas ?? 0);
        var unhealthy = rollout.TotalReplicas - minAvailable - newUnavailable;
        var old = rollout.Old.Where(replicaSet => replicaSet.Replicas() > 0).ToList();
        if (old.Count == 0 || unhealthy <= 0)
        {
            return [];
        }

        var sizes = old.ToDictionary(Name, replicaSet => replicaSet.Replicas());
        Shrink(old, sizes, unhealthy, replicaSet => replicaSet.Replicas() - (replicaSet.Status?.AvailableReplicas ?? 0));
        Shrink(old, sizes, rollout.AvailableReplicas - minAvailable, replicaSet => sizes[Name(replicaSet)]);
        return [.. old.Where(replicaSet => sizes[Name(replicaSet)] != replicaSet.Replicas()).Select(replicaSet => (replicaSet, sizes[Name(replicaSet)]))];
    }

    /// <summary>
    /// A deployment that was resized while several ReplicaSets have pods: each grows or shrinks in proportion, the rest goes to the largest.
    /// </summary>
    public static IReadOnlyList<(V1ReplicaSet ReplicaSet, int Replicas)> Proportional(V1Deployment deployment, IReadOnlyList<V1ReplicaSet> active)
    {
        var allowed = deployment.Replicas() > 0 ? deployment.Replicas() + deployment.MaxSurge() : 0;
        var toAdd = allowed - active.Sum(replicaSet => replicaSet.Replicas());
        // Growing favours the newer of two of a size, shrinking the older.
        var bySize = active.OrderByDescending(replicaSet => replicaSet.Replicas());
        var ordered = (toAdd > 0 ? bySize.ThenByDescending(replicaSet => replicaSet, ByCreation.Instance) : bySize.ThenBy(replicaSet => replicaSet, ByCreation.Instance)).ToList();

        var sizes = new List<(V1ReplicaSet ReplicaSet, int Replicas)>();
        var added = 0;
        foreach (var replicaSet in ordered)
        {
            var share = Share(deployment, replicaSet, toAdd, added);
            added += share;
            sizes.Add((replicaSet, replicaSet.Replicas() + share));
        }

        if (sizes.Count > 0)
        {
            sizes[0] = (sizes[0].ReplicaSet, Math.Max(0, sizes[0].Replicas + toAdd - added));
        }

        return sizes;
    }

    private static void Shrink(List<V1ReplicaSet> old, Dictionary<string, int> sizes, int budget, Func<V1ReplicaSet, int> most)
    {
        foreach (var replicaSet in old)
        {
            var count = Math.Clamp(most(replicaSet), 0, Math.Max(0, budget));
            sizes[Name(replicaSet)] -= count;
            budget -= count;
        }
    }

    private static int Share(V1Deployment deployment, V1ReplicaSet replicaSet, int toAdd, int added)
    {
        if (replicaSet.Replicas() == 0 || toAdd == 0 || toAdd == added)
        {
            return 0;
        }

        var fraction = Fraction(deployment, replicaSet);
        return toAdd > 0 ? Math.Min(fraction, toAdd - added) : Math.Max(fraction, toAdd - added);
    }

    private static int Fraction(V1Deployment deployment, V1ReplicaSet replicaSet)
    {
        if (deployment.Replicas() == 0)
        {
            return -replicaSet.Replicas();
        }

        // What the most was when this ReplicaSet got its size.
        var before = Revisions.Max(replicaSet) is { } max and > 0 ? max : deployment.Status?.Replicas ?? 0;
        if (before == 0)
        {
            return 0;
        }

        var size = (double)replicaSet.Replicas() * (deployment.Replicas() + deployment.MaxSurge()) / before;
        return (int)Math.Round(size, MidpointRounding.AwayFromZero) - replicaSet.Replicas();
    }

    private static string Name(V1ReplicaSet replicaSet) => replicaSet.Metadata?.Name ?? "";
}
