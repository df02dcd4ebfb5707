namespace MiniKube.Cluster.Plans;

/// <summary>What a host is in its cluster.</summary>
[Flags]
public enum HostRoles
{
    None = 0,
    Etcd = 1,
    Master = 2,
    LoadBalancer = 4,
    Node = 8,
}
