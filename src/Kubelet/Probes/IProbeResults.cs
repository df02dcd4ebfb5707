using k8s.Models;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Probes;

/// <summary>What the probes found, a container (by id) and type.</summary>
internal interface IProbeResults
{
    /// <summary>Null while it is not known: no such probe, or it has not decided yet.</summary>
    bool? Get(ProbeType type, string containerId);

    /// <summary>A running container has started once its startup probe, if any, succeeded.</summary>
    bool IsStarted(V1Container container, RuntimeContainer? running) =>
        running is { State: ContainerRunState.Running } && (container.StartupProbe is null || Get(ProbeType.Startup, running.Id) == true);

    /// <summary>A started container is ready once its readiness probe, if any, succeeded.</summary>
    bool IsReady(V1Container container, RuntimeContainer? running) =>
        running is not null && IsStarted(container, running)
        && (container.ReadinessProbe is null || Get(ProbeType.Readiness, running.Id) == true);
}
