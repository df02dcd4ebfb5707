namespace MiniKube.Cluster.Hosts;

/// <summary>What a host is to be: its place on the wire, its files and its units. Data only; <see cref="HostFolder"/> writes it, <see cref="Host"/> boots it.</summary>
public sealed record HostPlan(string Name, string Address)
{
    /// <summary>Whether it runs pods in Docker, and so has their bridge.</summary>
    public bool HasPods { get; init; }

    /// <summary>The subnet of its pods, as <c>10.244.0.0/24</c>; null if it has none, or leases one.</summary>
    public string? PodSubnet { get; init; }

    /// <summary>The range of the service addresses, routed to the pod bridge.</summary>
    public string ServiceSubnet { get; init; } = "10.96.0.0/12";

    /// <summary>Further routes, as <c>ip route add</c> takes them: <c>10.244.1.0/24 via 172.28.128.32</c>.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    public IReadOnlyList<Unit> Units { get; init; } = [];

    public IReadOnlyList<HostFile> Files { get; init; } = [];

    /// <summary>The bridge's own address: the first of the pod subnet, with its prefix.</summary>
    public string? PodBridgeAddress => PodSubnet?.Replace(".0/", ".1/", StringComparison.Ordinal);
}
