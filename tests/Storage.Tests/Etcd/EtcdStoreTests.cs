namespace MiniKube.Storage.Tests.Etcd;

[Trait("Needs", "Machine")]
public sealed class EtcdStoreTests(EtcdFixture fixture) : KeyValueStoreTests, IClassFixture<EtcdFixture>
{
    protected override Task<IKeyValueStore> OpenAsync() => Task.FromResult<IKeyValueStore>(fixture.Etcd.Connect());

    // etcd's clock is the machine's: the tests wait for what they expect.
    protected override Task PassAsync(TimeSpan time) => Task.CompletedTask;
}
