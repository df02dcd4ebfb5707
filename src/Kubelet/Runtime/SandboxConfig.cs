namespace MiniKube.Kubelet.Runtime;

/// <summary>What a sandbox is made of.</summary>
internal sealed record SandboxConfig(string Uid, string Namespace, string Name, int Attempt)
{
    public string Hostname { get; init; } = "";

    public bool HostNetwork { get; init; }

    public bool HostPid { get; init; }

    public bool HostIpc { get; init; }

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();
}
