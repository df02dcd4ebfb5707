using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Sources;
using MiniKube.Kubelet.Stats;
using MiniKube.Kubelet.Status;

namespace MiniKube.Kubelet.Node;

/// <summary>One node: everything that runs for it, put together by <see cref="NodeAgentFactory"/>.</summary>
internal sealed record NodeAgent(
    NodeAgentOptions Options,
    IContainerRuntime Runtime,
    PodManager Pods,
    StatusManager Statuses,
    SyncQueue Queue,
    SyncLoop Loop,
    PodLifecycleEventGenerator Events,
    ProbeManager Probes,
    NodeReporter Reporter,
    NodeLease Lease,
    StaticPodSource? StaticPods,
    MirrorPods? Mirrors,
    NodeStats Stats)
{
    /// <summary>Runs until the token is cancelled, or until a part fails: then all end. The node's pods run on.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> tasks =
        [
            Loop.RunAsync(stop.Token),
            Statuses.RunAsync(stop.Token),
            Events.RunAsync(stop.Token),
            Reporter.RunAsync(stop.Token),
            Lease.RunAsync(stop.Token),
        ];
        if (StaticPods is not null)
        {
            tasks.Add(StaticPods.RunAsync(stop.Token));
        }

        if (Mirrors is not null)
        {
            tasks.Add(Mirrors.RunAsync(stop.Token));
        }

        var first = await Task.WhenAny(tasks);
        await stop.CancelAsync();
        await Probes.StopAsync();
        await Task.WhenAll(tasks).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await first;
    }
}
