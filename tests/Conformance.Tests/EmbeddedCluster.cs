namespace MiniKube.Conformance.Tests;

/// <summary>One host with the embedded store: a plain <c>mk up</c>.</summary>
[CollectionDefinition(Collection)]
public sealed class EmbeddedCluster() : ClusterFixture("conformance"), ICollectionFixture<EmbeddedCluster>
{
    public const string Collection = "embedded store";
}
