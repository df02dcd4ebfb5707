using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.StatefulSets;

/// <summary>
/// The steps of one sync: replicas upward, then pods beyond them downward, then one old pod. In order, each step waits for the one before it; in parallel, only the update does.
/// </summary>
internal sealed class StatefulSync(StatefulPodWriter writer, StatefulState state)
{
    private V1StatefulSet Set => state.Set;

    private bool InOrder => !Set.IsParallel();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await ForEachAsync(state.Replicas, ReplicaAsync, cancellationToken) && await ForEachAsync(state.Condemned, RetainAsync, cancellationToken))
        {
            var firstUnavailable = state.FirstUnavailable();
            if (await ForEachAsync(state.Condemned, (ordinal, pod, token) => ScaleDownAsync(pod, firstUnavailable, token), cancellationToken))
            {
                await UpdateAsync(cancellationToken);
            }
        }
    }

    /// <returns>Whether all are done, so that what comes next may be.</returns>
    private async Task<bool> ForEachAsync(
        IReadOnlyList<(int Ordinal, V1Pod Pod)> pods, Func<int, V1Pod, CancellationToken, Task<bool>> step, CancellationToken cancellationToken)
    {
        if (InOrder)
        {
            foreach (var (ordinal, pod) in pods)
            {
                if (!await step(ordinal, pod, cancellationToken))
                {
                    return false;
                }
            }

            return true;
        }

        var next = -1;
        var (_, failure) = await SlowStart.RunAsync(
            pods.Count,
            async token =>
            {
                var (ordinal, pod) = pods[Interlocked.Increment(ref next)];
                await step(ordinal, pod, token);
            },
            cancellationToken);
        failure?.Throw();
        return true;
    }

    private async Task<bool> ReplicaAsync(int ordinal, V1Pod pod, CancellationToken cancellationToken)
    {
        if (pod.HasEnded())
        {
            // The new one is made when this one is gone.
            if (!StatefulPods.IsTerminating(pod))
            {
                await writer.DeleteAsync(Set, pod, cancellationToken);
            }

            return false;
        }

        if (!StatefulPods.IsCreated(pod))
        {
            await writer.CreateAsync(Set, pod, ordinal, cancellationToken);
            return false;
        }

        if (pod.Status?.Phase == "Pending" && !StatefulPods.IsTerminating(pod))
        {
            // It may be waiting for a claim that somebody has deleted.
            await writer.CreateClaimsAsync(Set, pod, ordinal, cancellationToken);
        }

        if (InOrder && state.IsUnavailable(pod))
        {
            return false;
        }

        await writer.MendAsync(Set, pod, ordinal, cancellationToken);
        return true;
    }

    private async Task<bool> RetainAsync(int ordinal, V1Pod pod, CancellationToken cancellationToken)
    {
        await writer.SetClaimOwnersAsync(Set, pod, ordinal, cancellationToken);
        return true;
    }

    private async Task<bool> ScaleDownAsync(V1Pod pod, V1Pod? firstUnavailable, CancellationToken cancellationToken)
    {
        // In order: wait for the one before it to go, and for what is broken below it, unless this one is what is broken.
        if (StatefulPods.IsTerminating(pod) || (InOrder && state.IsUnavailable(pod) && pod != firstUnavailable))
        {
            return false;
        }

        await writer.DeleteAsync(Set, pod, cancellationToken);
        return false;
    }

    private async Task UpdateAsync(CancellationToken cancellationToken)
    {
        if (!Set.IsRollingUpdate())
        {
            return;
        }

        var partition = Set.Spec?.UpdateStrategy?.RollingUpdate?.Partition ?? 0;
        foreach (var (_, pod) in state.Replicas.Skip(partition).Reverse())
        {
            if (StatefulPods.Revision(pod) != state.UpdateRevision && !StatefulPods.IsTerminating(pod))
            {
                await writer.DeleteAsync(Set, pod, cancellationToken);
                return;
            }

            if (state.IsUnavailable(pod))
            {
                return;
            }
        }
    }
}
