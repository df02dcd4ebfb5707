namespace MiniKube.Kubelet.Probes;

/// <summary>What one probe found. Output is shown in the Unhealthy event.</summary>
internal readonly record struct ProbeOutcome(bool Success, string Output);
