namespace MiniKube.Conformance.Tests;

[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class EmbeddedProcessKillTests(EmbeddedCluster cluster) : ProcessKillTests(cluster);
