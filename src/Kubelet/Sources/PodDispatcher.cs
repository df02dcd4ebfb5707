using System.Collections.Concurrent;

using k8s.Models;

using MiniKube.Client.Informers;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Sources;

/// <summary>The API as a source of pods: hands each pod to the node it is bound to. One watch serves all nodes of a process.</summary>
internal sealed class PodDispatcher(IInformerFactory informers)
{
    public const string Source = "api";

    private readonly ConcurrentDictionary<string, SyncQueue> _nodes = [];

    public void Add(string nodeName, SyncQueue queue) => _nodes[nodeName] = queue;

    /// <summary>Called once, when every node was added.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A field selector names one node or, for a process that is many, every pod that is bound at all.
        var selector = _nodes.Count == 1 ? $"spec.nodeName={_nodes.Keys.First()}" : "spec.nodeName!=";
        var informer = informers.Get<V1Pod>(fieldSelector: selector);
        using var registration = informer.AddHandler(Handle);
        await informer.WaitForSyncAsync(cancellationToken);
        foreach (var queue in _nodes.Values)
        {
            queue.Add(new SyncEvent.SourceReady(Source));
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private void Handle(ObjectChange<V1Pod> change)
    {
        // A pod that was deleted and made again between two looks is another pod of the same name.
        if (change.Old is { } old && change.New?.Uid() != old.Uid())
        {
            Find(old)?.Add(new SyncEvent.PodRemoved(old));
        }

        if (change.New is { } pod)
        {
            Find(pod)?.Add(new SyncEvent.PodUpdated(pod));
        }
    }

    private SyncQueue? Find(V1Pod pod) => _nodes.GetValueOrDefault(pod.Spec?.NodeName ?? "");
}
