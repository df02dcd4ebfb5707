using System.Text;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Overlay.Subnets;
using MiniKube.Storage;
using MiniKube.Storage.Embedded;

namespace MiniKube.Overlay.Tests.Subnets;

public sealed class SubnetRegistryTests : IAsyncLifetime
{
    private const string Prefix = "/coreos.com/network";

    private static readonly NetworkConfig Config = NetworkConfig.Parse(Encoding.UTF8.GetBytes("""{"Network":"10.244.0.0/16","Backend":{"Type":"vxlan"}}"""));

    private EmbeddedStore _store = null!;
    private SubnetRegistry _registry = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EmbeddedStore.OpenAsync(new EmbeddedStoreOptions { Path = EmbeddedStoreOptions.InMemory }, NullLogger<EmbeddedStore>.Instance, TimeProvider.System, Cancelled);
        _registry = new SubnetRegistry(_store, Prefix, new Random(1));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Acquire_ManyNodesAtOnce_EachHasItsOwn()
    {
        var subnets = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => _registry.AcquireAsync(Config, Attributes($"172.28.128.{i}"), null, Cancelled)));

        Assert.Equal(20, subnets.Distinct().Count());
        Assert.All(subnets, subnet => Assert.True(Config.Offers(subnet)));
    }

    [Fact]
    public async Task Acquire_NodeThatHasALease_KeepsItWithoutAFile()
    {
        var before = await _registry.AcquireAsync(Config, Attributes("172.28.128.31"), null, Cancelled);
        await _registry.AcquireAsync(Config, Attributes("172.28.128.32"), null, Cancelled);

        Assert.Equal(before, await _registry.AcquireAsync(Config, Attributes("172.28.128.31"), null, Cancelled));
    }

    [Fact]
    public async Task Acquire_LeaseIsNoPartOfTheNetworkAnyMore_IsReplaced()
    {
        await PutAsync("10.99.7.0-24", """{"PublicIP":"172.28.128.31","PublicIPv6":null,"BackendType":"vxlan"}""");

        var subnet = await _registry.AcquireAsync(Config, Attributes("172.28.128.31"), null, Cancelled);

        Assert.True(Config.Offers(subnet));
        Assert.Equal([$"{Prefix}/subnets/{SubnetLease.KeyPart(subnet)}"], (await KeysAsync()).Select(item => item.Key));
    }

    [Fact]
    public async Task Acquire_PreviousBelongsToAnUnreadableLease_TakesAnother()
    {
        await PutAsync("10.244.5.0-24", "what is this");
        _ = Subnet.TryParse("10.244.5.0/24", out var previous);

        Assert.NotEqual(previous, await _registry.AcquireAsync(Config, Attributes("172.28.128.31"), previous, Cancelled));
    }

    [Fact]
    public async Task Acquire_Writes_WhatFlannelWrites()
    {
        _ = Subnet.TryParse("10.244.1.0/24", out var previous);

        await _registry.AcquireAsync(Config, Attributes("172.28.128.31"), previous, Cancelled);

        var item = Assert.Single(await KeysAsync());
        Assert.Equal("/coreos.com/network/subnets/10.244.1.0-24", item.Key);
        Assert.Equal("""{"PublicIP":"172.28.128.31","PublicIPv6":null,"BackendType":"vxlan"}""", Encoding.UTF8.GetString(item.Value.Span));
    }

    [Fact]
    public async Task Renew_LeaseWasLost_TakesTheSameAgain()
    {
        var subnet = await _registry.AcquireAsync(Config, Attributes("172.28.128.31"), null, Cancelled);
        await _store.CommitAsync(new Transaction([], [Operation.Delete($"{Prefix}/subnets/{SubnetLease.KeyPart(subnet)}")]), Cancelled);

        await _registry.RenewAsync(subnet, Attributes("172.28.128.31"), Cancelled);

        Assert.Single(await KeysAsync());
    }

    [Fact]
    public async Task Renew_AnotherNodeHasIt_SaysSoAndLeavesItAlone()
    {
        await PutAsync("10.244.5.0-24", """{"PublicIP":"172.28.128.32","BackendType":"vxlan"}""");
        _ = Subnet.TryParse("10.244.5.0/24", out var subnet);

        await Assert.ThrowsAsync<SubnetLostException>(() => _registry.RenewAsync(subnet, Attributes("172.28.128.31"), Cancelled));

        Assert.Equal(1, Assert.Single(await KeysAsync()).Version);
    }

    [Fact]
    public async Task Follow_PeersComeChangeAndGo_TellsEach()
    {
        await PutAsync("10.244.1.0-24", """{"PublicIP":"172.28.128.31","BackendType":"vxlan"}""");
        await using var seen = _registry.FollowAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(["10.244.1.0/24 172.28.128.31"], await NextAsync(seen));

        await PutAsync("10.244.2.0-24", """{"PublicIP":"172.28.128.32","BackendType":"vxlan"}""");
        Assert.Equal(["10.244.1.0/24 172.28.128.31", "10.244.2.0/24 172.28.128.32"], await NextAsync(seen));

        await PutAsync("10.244.2.0-24", """{"PublicIP":"172.28.128.33","BackendType":"vxlan"}""");
        Assert.Equal(["10.244.1.0/24 172.28.128.31", "10.244.2.0/24 172.28.128.33"], await NextAsync(seen));

        await _store.CommitAsync(new Transaction([], [Operation.Delete($"{Prefix}/subnets/10.244.1.0-24")]), Cancelled);
        Assert.Equal(["10.244.2.0/24 172.28.128.33"], await NextAsync(seen));
    }

    private static async Task<IEnumerable<string>> NextAsync(IAsyncEnumerator<IReadOnlyList<SubnetLease>> seen)
    {
        Assert.True(await seen.MoveNextAsync());
        return seen.Current.Select(lease => $"{lease.Subnet} {lease.Attributes.PublicIP}").Order();
    }

    private static LeaseAttributes Attributes(string address) => new() { PublicIP = address, BackendType = "vxlan" };

    private Task<TransactionResult> PutAsync(string name, string value) =>
        _store.CommitAsync(new Transaction([], [Operation.Put($"{Prefix}/subnets/{name}", Encoding.UTF8.GetBytes(value))]), Cancelled);

    private async Task<IReadOnlyList<KeyValue>> KeysAsync() => (await _store.RangeAsync(new RangeQuery(KeyRange.All), Cancelled)).Items;
}
