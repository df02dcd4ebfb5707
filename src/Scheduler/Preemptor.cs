using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler;

/// <summary>Evicts the victims that preemption has chosen.</summary>
internal sealed class Preemptor(IObjectClient client, IEventRecorder events, PodStatusWriter statuses)
{
    /// <exception cref="StatusException">A victim could not be evicted.</exception>
    public async Task EvictAsync(PodInfo preemptor, PostFilterResult decision, CancellationToken cancellationToken)
    {
        foreach (var victim in decision.Victims.Where(victim => !victim.IsTerminating))
        {
            try
            {
                await statuses.WriteDisruptionAsync(victim, cancellationToken);
                await client.DeleteAsync<V1Pod>(
                    victim.Key, new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = victim.Uid } }, cancellationToken);
            }
            catch (StatusException exception) when (exception.Code is 404 or 409)
            {
                // Gone already, or another pod by now.
                continue;
            }

            events.Record(victim.Pod, "Normal", "Preempted", $"Preempted by pod {preemptor.Uid} on node {decision.NodeName}");
        }
    }
}
