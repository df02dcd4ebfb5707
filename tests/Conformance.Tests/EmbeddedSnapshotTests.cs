namespace MiniKube.Conformance.Tests;

[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class EmbeddedSnapshotTests(EmbeddedCluster cluster) : SnapshotTests(cluster);
