using k8s.Models;

namespace MiniKube.Kubelet.Probes;

/// <summary>The running container that is probed.</summary>
internal sealed record ProbeTarget(V1Pod Pod, V1Container Container, string ContainerId, string PodIp, DateTimeOffset StartedAt);
