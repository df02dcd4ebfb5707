using System.Collections.Concurrent;

using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>One worker a pod, by uid. Called by the sync loop only, so that updates keep their order.</summary>
internal sealed class PodWorkers(IPodSyncer syncer, TimeProvider clock, ILogger<PodWorker> logger)
{
    private readonly ConcurrentDictionary<string, (PodWorker Worker, Task Task)> _workers = [];
    private readonly Dictionary<string, V1Pod> _startAgain = [];

    /// <summary>The uids that have a worker.</summary>
    public IEnumerable<string> Uids => _workers.Keys;

    public void Update(V1Pod pod, CancellationToken cancellationToken)
    {
        var uid = pod.Uid();
        if (!_workers.TryGetValue(uid, out var known))
        {
            Start(pod, cancellationToken);
        }
        else if (known.Task.IsCompleted && !pod.IsDeleted())
        {
            // A static pod keeps its uid as long as its file says the same: taken away and put back, it starts again.
            Start(pod, cancellationToken);
        }
        else
        {
            known.Worker.Update(pod);
            if (pod.IsStatic())
            {
                _startAgain[uid] = pod;
            }
        }
    }

    /// <summary>The pod is gone from its source.</summary>
    public void Remove(string uid)
    {
        _startAgain.Remove(uid);
        if (_workers.TryGetValue(uid, out var known))
        {
            known.Worker.Remove();
        }
    }

    public void Wake(string uid)
    {
        if (_workers.TryGetValue(uid, out var known))
        {
            known.Worker.Wake();
        }
    }

    /// <summary>Ends what the runtime has of a pod that no source knows.</summary>
    public void RemoveOrphan(V1Pod pod, CancellationToken cancellationToken)
    {
        if (!_workers.ContainsKey(pod.Uid()))
        {
            Start(pod, cancellationToken).Remove();
        }
    }

    /// <summary>Forgets workers that are done, and starts those again whose pod came back meanwhile.</summary>
    public void Collect(IReadOnlySet<string> known, CancellationToken cancellationToken)
    {
        foreach (var (uid, entry) in _workers)
        {
            if (!entry.Task.IsCompleted)
            {
                continue;
            }

            if (!known.Contains(uid))
            {
                _workers.TryRemove(uid, out _);
                _startAgain.Remove(uid);
            }
            else if (_startAgain.Remove(uid, out var pod))
            {
                Start(pod, cancellationToken);
            }
        }
    }

    /// <summary>Completes when every worker has ended, after the token that they were started with was cancelled.</summary>
    public Task DrainAsync() => Task.WhenAll(_workers.Values.Select(entry => IgnoreCancellationAsync(entry.Task)));

    private static async Task IgnoreCancellationAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The kubelet stops; its pods run on.
        }
    }

    private PodWorker Start(V1Pod pod, CancellationToken cancellationToken)
    {
        var worker = new PodWorker(pod, syncer, clock, logger);
        _workers[pod.Uid()] = (worker, Task.Run(() => worker.RunAsync(cancellationToken), cancellationToken));
        return worker;
    }
}
