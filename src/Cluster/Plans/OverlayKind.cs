namespace MiniKube.Cluster.Plans;

/// <summary>How pods of different nodes reach each other.</summary>
public enum OverlayKind
{
    /// <summary>By routes that the plan gives to every host; each node's subnet is the plan's, too.</summary>
    None,

    /// <summary>In UDP packets between the nodes, with subnets leased in etcd.</summary>
    Vxlan,

    /// <summary>By routes between the nodes, with subnets leased in etcd.</summary>
    HostGw,
}
