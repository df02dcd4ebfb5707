namespace MiniKube.Conformance.Tests;

[Collection(EtcdCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class EtcdSnapshotTests(EtcdCluster cluster) : SnapshotTests(cluster);
