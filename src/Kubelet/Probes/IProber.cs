using k8s.Models;

namespace MiniKube.Kubelet.Probes;

/// <summary>Runs one probe once, and tells users when it fails.</summary>
internal interface IProber
{
    Task<ProbeOutcome> ProbeAsync(ProbeType type, V1Probe probe, ProbeTarget target, CancellationToken cancellationToken);
}
