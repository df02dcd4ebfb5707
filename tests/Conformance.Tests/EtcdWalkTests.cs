namespace MiniKube.Conformance.Tests;

[Collection(EtcdCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class EtcdWalkTests(EtcdCluster cluster) : WalkTests(cluster);
