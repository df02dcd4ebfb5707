using k8s.Models;

namespace MiniKube.Kubelet.Node;

/// <summary>What one node was told. Flags have upstream's names and defaults.</summary>
internal sealed record NodeAgentOptions
{
    /// <summary>Flag: --hostname-override.</summary>
    public required string NodeName { get; init; }

    /// <summary>Flag: --node-ip.</summary>
    public required string NodeIp { get; init; }

    /// <summary>Flag: --root-dir.</summary>
    public string RootDirectory { get; init; } = "/var/lib/kubelet";

    /// <summary>Flag: --pod-manifest-path. Empty for none.</summary>
    public string StaticPodPath { get; init; } = "";

    /// <summary>Flag: --port.</summary>
    public int Port { get; init; } = 10250;

    /// <summary>Flag: --cluster-dns.</summary>
    public IReadOnlyList<string> ClusterDns { get; init; } = [];

    /// <summary>Flag: --cluster-domain.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Flag: --resolv-conf: what pods that take the node's DNS get.</summary>
    public string ResolvConf { get; init; } = "/etc/resolv.conf";

    /// <summary>Flag: --allowed-unsafe-sysctls: names, or beginnings of names and <c>*</c>.</summary>
    public IReadOnlyList<string> AllowedUnsafeSysctls { get; init; } = [];

    /// <summary>The network namespace, as a file, that pods are reached in and host ports are in; empty for the process's own, which is a node's. Tests' engines live in another.</summary>
    public string NetworkNamespace { get; init; } = "";

    /// <summary>Flag: --max-pods.</summary>
    public int MaxPods { get; init; } = 110;

    /// <summary>Flag: --node-status-update-frequency.</summary>
    public TimeSpan StatusUpdatePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Flag: --node-labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Flag: --register-with-taints.</summary>
    public IReadOnlyList<V1Taint> Taints { get; init; } = [];

    /// <summary>Flag: --pod-infra-container-image.</summary>
    public string PodInfraContainerImage { get; init; } = "registry.k8s.io/pause:3.9";
}
