using System.Net;

namespace MiniKube.Cluster.Plans;

/// <summary>A host's place in a cluster.</summary>
public sealed record ClusterHost(string Name, IPAddress Address, HostRoles Roles)
{
    /// <summary>The subnet of its pods, as <c>10.244.0.0/24</c>; null if it runs no pods in Docker.</summary>
    public string? PodSubnet { get; init; }

    public bool Is(HostRoles role) => Roles.HasFlag(role);
}
