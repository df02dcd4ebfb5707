namespace MiniKube.Storage.Tests.Etcd;

/// <summary>One etcd for all tests of a class.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    public EtcdProcess Etcd { get; } = new();

    public async ValueTask InitializeAsync() => await Etcd.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Etcd.DisposeAsync();
}
