using k8s.Models;

using MiniKube.Kubelet.Probes;

namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>Finds every hollow container well.</summary>
internal sealed class HollowProber : IProber
{
    public Task<ProbeOutcome> ProbeAsync(ProbeType type, V1Probe probe, ProbeTarget target, CancellationToken cancellationToken) =>
        Task.FromResult(new ProbeOutcome(true, ""));
}
