namespace MiniKube.Conformance.Tests;

/// <summary>One host whose store is a real etcd.</summary>
[CollectionDefinition(Collection)]
public sealed class EtcdCluster() : ClusterFixture("conformance-etcd", "--store", "etcd"), ICollectionFixture<EtcdCluster>
{
    public const string Collection = "etcd store";
}
