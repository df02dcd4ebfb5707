namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>Two masters behind a load balancer that ends TLS and tells them who asks; nodes in memory.</summary>
[CollectionDefinition(Collection)]
public sealed class TerminatingCluster() : ClusterFixture("conformance-tls", "--masters", "2", "--etcd", "1", "--hollow-nodes", "2", "--load-balancer", "termination"), ICollectionFixture<TerminatingCluster>
{
    public const string Collection = "load balancer that ends TLS";
}
