namespace MiniKube.Cluster.Plans;

/// <summary>How the load balancer passes requests on to the masters.</summary>
public enum LoadBalancing
{
    /// <summary>TLS goes through it unread: a connection belongs to one master.</summary>
    Passthrough,

    /// <summary>TLS ends there: each request may go to another master, which is told who asks by the front proxy's headers.</summary>
    Termination,
}
