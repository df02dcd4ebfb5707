namespace MiniKube.Conformance.Tests;

[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class EmbeddedWalkTests(EmbeddedCluster cluster) : WalkTests(cluster);
