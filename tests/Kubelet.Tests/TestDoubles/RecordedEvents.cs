using System.Collections.Concurrent;

using k8s;
using k8s.Models;

using MiniKube.Client.Events;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Keeps events as <c>Type Reason: message</c>.</summary>
internal sealed class RecordedEvents : IEventRecorder
{
    private readonly ConcurrentQueue<string> _all = [];

    public IReadOnlyList<string> All => [.. _all];

    public void Record(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message, string fieldPath = "") =>
        _all.Enqueue($"{type} {reason}: {message}");
}
