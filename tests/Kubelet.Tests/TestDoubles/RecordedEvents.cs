using System.Collections.Concurrent;

using k8s;
using k8s.Models;

using MiniKube.Client.Events;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Keeps events as <c>Type Reason: message</c>.</summary>
internal sealed class RecordedEvents : IEventRecorder
{
    private readonly ConcurrentQueue<(string Name, string Event)> _all = [];

    public IReadOnlyList<string> All => [.. _all.Select(recorded => recorded.Event)];

    /// <summary>Those about the object of that name.</summary>
    public IReadOnlyList<string> Of(string name) => [.. _all.Where(recorded => recorded.Name == name).Select(recorded => recorded.Event)];

    public void Record(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message, string fieldPath = "") =>
        _all.Enqueue((about.Metadata.Name, $"{type} {reason}: {message}"));
}
