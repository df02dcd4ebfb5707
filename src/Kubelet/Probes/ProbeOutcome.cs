namespace MiniKube.Kubelet.Probes;

/// <summary>What one probe found. Output is shown in the Unhealthy event.</summary>
internal readonly record struct ProbeOutcome(bool Success, string Output)
{
    /// <summary>Well, but not as it should be: a ProbeWarning event shows the output.</summary>
    public bool IsWarning { get; init; }
}
