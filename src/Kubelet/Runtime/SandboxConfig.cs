namespace MiniKube.Kubelet.Runtime;

/// <summary>What a sandbox is made of.</summary>
internal sealed record SandboxConfig(string Uid, string Namespace, string Name, int Attempt)
{
    public string Hostname { get; init; } = "";

    public bool HostNetwork { get; init; }

    public bool HostPid { get; init; }

    public bool HostIpc { get; init; }

    /// <summary>The runtime that the engine is to use, of those it was told of; empty for its usual one.</summary>
    public string RuntimeHandler { get; init; } = "";

    /// <summary>What the pod's containers may use together; null for no more limits than their own.</summary>
    public ContainerResources? Limits { get; init; }

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();
}
