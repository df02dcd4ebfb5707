using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>A running container that is to have other limits.</summary>
internal sealed record ContainerToResize(string Id, string Name, ContainerResources Resources);
