namespace MiniKube.Conformance.Tests;

[Collection(EtcdCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class EtcdProcessKillTests(EtcdCluster cluster) : ProcessKillTests(cluster);
