using k8s.Models;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>What is to be done: nodes that get a pod, and pods that go.</summary>
internal sealed record DaemonChanges(IReadOnlyList<string> Create, IReadOnlyList<V1Pod> Delete);
