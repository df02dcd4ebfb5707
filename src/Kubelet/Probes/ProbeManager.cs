using System.Collections.Concurrent;

using k8s.Models;

using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Probes;

/// <summary>
/// Keeps one worker a probe of each running container, by the container's id: a restarted container is probed anew. A result that changes
/// wakes the pod's worker.
/// </summary>
internal sealed class ProbeManager(IProber prober, SyncQueue queue, TimeProvider clock) : IProbeResults
{
    private readonly ConcurrentDictionary<(string ContainerId, ProbeType Type), ProbeWorker> _workers = [];

    public bool? Get(ProbeType type, string containerId) => _workers.TryGetValue((containerId, type), out var worker) ? worker.Result : null;

    /// <summary>Starts the workers of containers that now run, stops those of containers that no longer do.</summary>
    public void Update(V1Pod pod, RuntimePod status)
    {
        var running = new HashSet<string>();
        foreach (var container in pod.Containers().Concat(pod.InitContainers().Where(PodExtensions.IsSidecar)))
        {
            if (status.Container(container.Name) is { State: ContainerRunState.Running } current)
            {
                running.Add(current.Id);
                Start(ProbeType.Startup, container.StartupProbe, pod, container, current, status);
                if (((IProbeResults)this).IsStarted(container, current))
                {
                    Start(ProbeType.Liveness, container.LivenessProbe, pod, container, current, status);
                    Start(ProbeType.Readiness, container.ReadinessProbe, pod, container, current, status);
                }
            }
        }

        Stop(worker => worker.Uid == pod.Uid() && !running.Contains(worker.ContainerId));
    }

    /// <summary>A pod that is ending is no longer restarted by its probes, but still tells whether it is ready.</summary>
    public void StopLiveness(string uid) => Stop(worker => worker.Uid == uid && worker.Type != ProbeType.Readiness);

    public void Forget(string uid) => Stop(worker => worker.Uid == uid);

    /// <summary>Stops all, and completes when none probes any more.</summary>
    public async Task StopAsync()
    {
        var tasks = _workers.Values.Select(worker => worker.Completion).ToList();
        Stop(_ => true);
        await Task.WhenAll(tasks);
    }

    private void Start(ProbeType type, V1Probe? probe, V1Pod pod, V1Container container, RuntimeContainer current, RuntimePod status)
    {
        if (probe is null || _workers.ContainsKey((current.Id, type)))
        {
            return;
        }

        var target = new ProbeTarget(pod, container, current.Id, status.Sandbox?.Ip ?? "", current.StartedAt ?? clock.GetUtcNow());
        var worker = new ProbeWorker(type, probe, target, prober, () => queue.Add(new SyncEvent.PodChanged(pod.Uid())), clock);
        if (_workers.TryAdd((current.Id, type), worker))
        {
            worker.Start();
        }
    }

    private void Stop(Func<ProbeWorker, bool> which)
    {
        foreach (var (key, worker) in _workers)
        {
            if (which(worker) && _workers.TryRemove(key, out var removed))
            {
                removed.Dispose();
            }
        }
    }
}
