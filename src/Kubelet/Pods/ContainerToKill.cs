namespace MiniKube.Kubelet.Pods;

/// <summary>A running container that must end, and what the Killing event says.</summary>
internal sealed record ContainerToKill(string Id, string Name, string Message);
