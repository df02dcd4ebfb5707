namespace MiniKube.Proxy.Rules;

/// <summary>A service port and where its traffic goes.</summary>
/// <param name="Service">The port.</param>
/// <param name="ClusterEndpoints">For traffic that may go to any node.</param>
/// <param name="LocalEndpoints">For traffic that must stay on this node, where a policy says Local.</param>
/// <param name="HasEndpoints">Whether there is any usable endpoint in the cluster, here or elsewhere.</param>
internal sealed record ServiceRules(
    ServicePort Service, IReadOnlyList<ServiceEndpoint> ClusterEndpoints, IReadOnlyList<ServiceEndpoint> LocalEndpoints, bool HasEndpoints)
{
    /// <summary>For traffic to the cluster address.</summary>
    public IReadOnlyList<ServiceEndpoint> InternalEndpoints => Service.InternalTrafficLocal ? LocalEndpoints : ClusterEndpoints;

    /// <summary>For traffic from outside.</summary>
    public IReadOnlyList<ServiceEndpoint> ExternalEndpoints => Service.ExternalTrafficLocal ? LocalEndpoints : ClusterEndpoints;

    public bool UsesClusterEndpoints => !Service.InternalTrafficLocal || Service.IsExternal;

    public bool UsesLocalEndpoints => Service.InternalTrafficLocal || (Service.ExternalTrafficLocal && Service.IsExternal);
}
