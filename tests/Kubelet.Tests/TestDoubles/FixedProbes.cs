using MiniKube.Kubelet.Probes;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Probe results as a test sets them.</summary>
internal sealed class FixedProbes : IProbeResults
{
    public Dictionary<(ProbeType Type, string ContainerId), bool> Results { get; } = [];

    public bool? Get(ProbeType type, string containerId) => Results.TryGetValue((type, containerId), out var result) ? result : null;
}
