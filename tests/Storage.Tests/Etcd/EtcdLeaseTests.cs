using Etcdserverpb;
using Grpc.Net.Client;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

[Trait("Needs", "Machine")]
public sealed class EtcdLeaseTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_OfTheSameTimeToLive_ShareALease()
    {
        await using var store = fixture.Etcd.Connect();
        var before = await CountLeasesAsync();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => PutAsync(store, $"/registry/events/{i}", TimeSpan.FromHours(1))));
        await PutAsync(store, "/registry/masterleases/10.0.0.1", TimeSpan.FromSeconds(15));

        Assert.Equal(before + 2, await CountLeasesAsync());
    }

    [Fact]
    public async Task Lease_ThatEtcdHasForgotten_IsReplaced()
    {
        await using var store = fixture.Etcd.Connect();
        await PutAsync(store, "/registry/events/first", TimeSpan.FromHours(3));
        await RevokeAllAsync();

        await PutAsync(store, "/registry/events/second", TimeSpan.FromHours(3));

        var items = (await store.RangeAsync(new RangeQuery(KeyRange.Prefix("/registry/events/")), Token)).Items;
        Assert.Equal("/registry/events/second", Assert.Single(items).Key);
    }

    private static Task<TransactionResult> PutAsync(EtcdStore store, string key, TimeSpan timeToLive) =>
        store.CommitAsync(new Transaction([], [Operation.Put(key, "1"u8.ToArray(), timeToLive)]), Token);

    private async Task<int> CountLeasesAsync()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Etcd.Address);
        var leases = new Lease.LeaseClient(channel);
        return (await leases.LeaseLeasesAsync(new LeaseLeasesRequest(), cancellationToken: Token)).Leases.Count;
    }

    private async Task RevokeAllAsync()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Etcd.Address);
        var leases = new Lease.LeaseClient(channel);
        foreach (var lease in (await leases.LeaseLeasesAsync(new LeaseLeasesRequest(), cancellationToken: Token)).Leases)
        {
            await leases.LeaseRevokeAsync(new LeaseRevokeRequest { ID = lease.ID }, cancellationToken: Token);
        }
    }
}
