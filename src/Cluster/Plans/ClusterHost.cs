using System.Net;

namespace MiniKube.Cluster.Plans;

/// <summary>A host's place in a cluster.</summary>
public sealed record ClusterHost(string Name, IPAddress Address, HostRoles Roles)
{
    /// <summary>Whether it runs pods in Docker.</summary>
    public bool HasDocker { get; init; }

    /// <summary>The subnet of its pods, as <c>10.244.0.0/24</c>; null if it has none, or leases one.</summary>
    public string? PodSubnet { get; init; }

    public bool Is(HostRoles role) => Roles.HasFlag(role);
}
