using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>What the store does when members die, fall silent or lose answers.</summary>
[Trait("Needs", "Machine")]
public sealed class EtcdFaultTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private readonly string _key = $"/registry/{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_WhenTheFirstMemberIsDown_GoToTheNext()
    {
        await using var store = fixture.Etcd.ConnectAfter(new Uri($"http://127.0.0.1:{EtcdProcess.FreePort()}"));

        var put = await store.CommitAsync(Put("1", 0), Token);

        Assert.Equal(put.Revision, await store.CurrentRevisionAsync(Token));
        await foreach (var batch in store.WatchAsync(KeyRange.Single(_key), put.Revision, Token))
        {
            Assert.Equal(put.Revision, batch.Revision);
            break;
        }
    }

    [Fact]
    public async Task Requests_WhenTheFirstMemberIsSilent_WaitForItOnce()
    {
        // Connections are made, but nobody ever answers on them.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var store = fixture.Etcd.ConnectAfter(new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"));

        var first = await TimeAsync(() => store.CurrentRevisionAsync(Token));
        var later = await TimeAsync(() => store.CommitAsync(Put("1", 0), Token));

        Assert.InRange(first, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(15));
        Assert.InRange(later, TimeSpan.Zero, TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public async Task Request_WhenNoMemberAnswers_IsUnavailable()
    {
        await using var down = new EtcdProcess();
        await using var store = down.ConnectAfter();

        var error = await Assert.ThrowsAsync<StorageException>(() => store.CommitAsync(Put("1", 0), Token));

        Assert.Equal(StorageErrorKind.Unavailable, error.Kind);
    }

    [Fact]
    public async Task Watch_WhenItsMemberFallsSilent_GoesOnAtTheNext()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = fixture.Etcd.ConnectAfter(proxy.Address);
        var start = (await store.CommitAsync(Put("0", 0), Token)).Revision;
        await using var watch = store.WatchAsync(KeyRange.Single(_key), start, Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync());

        proxy.LoseAnswers = true;
        var put = await store.CommitAsync(Put("1", start), Token);

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(put.Revision, watch.Current.Revision);
    }

    [Fact]
    public async Task Watch_WhenTheFirstMemberHangsUpWhileItIsOpened_GoesToTheNext()
    {
        // Nobody is behind it: connections are made, and end in the middle of the handshake, as those through a proxy do when a member was killed.
        await using var proxy = new FaultyProxy(new Uri($"http://127.0.0.1:{EtcdProcess.FreePort()}"));
        await using var writer = fixture.Etcd.Connect();
        var put = await writer.CommitAsync(Put("1", 0), Token);
        for (var round = 0; round < 30; round++)
        {
            await using var store = fixture.Etcd.ConnectAfter(proxy.Address);
            await using var watch = store.WatchAsync(KeyRange.Single(_key), put.Revision, Token).GetAsyncEnumerator(Token);

            Assert.True(await watch.MoveNextAsync());
            Assert.Equal(put.Revision, watch.Current.Revision);
        }
    }

    [Fact]
    public async Task Watch_WhenEtcdIsKilledAndStartedAgain_HasNoGap()
    {
        await using var etcd = new EtcdProcess();
        await etcd.StartAsync(Token);
        await using var store = etcd.Connect();
        var last = (await store.CommitAsync(Put("0", 0), Token)).Revision;
        await using var watch = store.WatchAsync(KeyRange.Single(_key), last, Token).GetAsyncEnumerator(Token);
        for (var round = 0; round < 3; round++)
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal(last, watch.Current.Revision);

            await etcd.KillAsync();
            await etcd.StartAsync(Token);
            last = (await store.CommitAsync(Put($"{round}", last), Token)).Revision;
        }
    }

    [Fact]
    public async Task Watch_WhenItsRevisionIsCompactedWhileItIsAway_SaysSo()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var away = fixture.Etcd.ConnectAfter(proxy.Address);
        await using var store = fixture.Etcd.Connect();
        var last = (await store.CommitAsync(Put("0", 0), Token)).Revision;
        await using var watch = away.WatchAsync(KeyRange.Single(_key), last, Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync());

        proxy.LoseAnswers = true;
        last = (await store.CommitAsync(Put("1", last), Token)).Revision;
        last = (await store.CommitAsync(Put("2", last), Token)).Revision;
        await store.CompactAsync(last, Token);
        await away.CurrentRevisionAsync(Token);

        var error = await Assert.ThrowsAsync<StorageException>(() => watch.MoveNextAsync().AsTask());
        Assert.Equal(StorageErrorKind.Compacted, error.Kind);
    }

    [Fact]
    public async Task Watch_WhenEtcdIsExchangedForAnotherThatIsFurther_SaysSo()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var other = new EtcdProcess("http", "--initial-cluster-token", "another");
        await other.StartAsync(Token);
        await using var elsewhere = other.Connect();
        await using var store = new EtcdStore(new EtcdStoreOptions { Servers = [proxy.Address] }, NullLogger<EtcdStore>.Instance, TimeProvider.System);
        var last = (await store.CommitAsync(Put("0", 0), Token)).Revision;
        await using var watch = store.WatchAsync(KeyRange.Single(_key), last, Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync());
        for (var revision = 0L; revision <= last;)
        {
            revision = (await elsewhere.CommitAsync(new Transaction([], [Operation.Put(_key, "other"u8.ToArray())]), Token)).Revision;
        }

        proxy.Lead(other.Address);

        var error = await Assert.ThrowsAsync<StorageException>(() => watch.MoveNextAsync().AsTask());
        Assert.Equal(StorageErrorKind.Compacted, error.Kind);
        Assert.Contains("exchanged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WhoseAnswerIsLost_HappensOnceAndIsKnown()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);

        proxy.LoseAnswers = true;
        var result = await store.CommitAsync(Put("mine", 0), Token);

        Assert.True(result.Succeeded);
        var item = await GetAsync(store);
        Assert.Equal(("mine", result.Revision, 1L), (item.Value, item.Revision, item.Version));
    }

    [Fact]
    public async Task Put_WithoutCompareWhoseAnswerIsLost_IsFoundAndNotRepeated()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);

        proxy.LoseAnswers = true;
        var result = await store.CommitAsync(new Transaction([], [Operation.Put(_key, "mine"u8.ToArray())]), Token);

        var item = await GetAsync(store);
        Assert.Equal(("mine", result.Revision, 1L), (item.Value, item.Revision, item.Version));
    }

    [Fact]
    public async Task Put_WithoutCompareThatDoesNotArrive_IsUnknownAndNotRepeated()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);

        proxy.LoseRequests = true;
        var put = new Transaction([], [Operation.Put(_key, "mine"u8.ToArray())]);
        var error = await Assert.ThrowsAsync<StorageException>(() => store.CommitAsync(put, Token));

        Assert.Equal(StorageErrorKind.Unknown, error.Kind);
        Assert.Equal(0, (await store.RangeAsync(new RangeQuery(KeyRange.Single(_key)), Token)).Count);
    }

    [Fact]
    public async Task Create_ThatDoesNotArrive_IsUnknown_AndTheNextGoesToTheNextMember()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);

        proxy.LoseRequests = true;
        var error = await Assert.ThrowsAsync<StorageException>(() => store.CommitAsync(Put("mine", 0), Token));
        Assert.Equal(StorageErrorKind.Unknown, error.Kind);

        Assert.True((await store.CommitAsync(Put("again", 0), Token)).Succeeded);
        Assert.Equal(1, (await GetAsync(store)).Version);
    }

    [Fact]
    public async Task Create_WhoseAnswerIsLost_AndThatIsDeletedByAnother_IsNotMadeAgain()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);
        await using var other = fixture.Etcd.Connect();

        proxy.LoseAnswers = true;
        var create = store.CommitAsync(Put("mine", 0), Token);
        var made = await Eventually.GetAsync(
            token => other.RangeAsync(new RangeQuery(KeyRange.Single(_key)), token), found => found.Items.Count == 1, TimeSpan.FromSeconds(60), Token);
        var mine = made.Items[0].ModRevision;
        await other.CommitAsync(new Transaction([new Compare(_key, mine)], [Operation.Delete(_key)]), Token);

        Assert.Equal(mine, (await create).Revision);
        Assert.Equal(0, (await other.RangeAsync(new RangeQuery(KeyRange.Single(_key)), Token)).Count);
    }

    [Fact]
    public async Task Update_WhoseAnswerIsLostAndThatIsOverwritten_IsKnownToHaveHappened()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);
        await using var other = fixture.Etcd.Connect();
        var created = await store.CommitAsync(Put("0", 0), Token);

        proxy.LoseAnswers = true;
        var update = store.CommitAsync(Put("mine", created.Revision), Token);
        var mine = await WaitForAsync(other, "mine");
        await other.CommitAsync(Put("theirs", mine), Token);

        var result = await update;
        Assert.True(result.Succeeded);
        Assert.Equal(mine, result.Revision);
        Assert.Equal("theirs", (await GetAsync(other)).Value);
    }

    [Fact]
    public async Task Update_ThatDoesNotArriveBeforeAnother_IsRefused()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);
        await using var other = fixture.Etcd.Connect();
        var created = await store.CommitAsync(Put("0", 0), Token);

        proxy.LoseRequests = true;
        var update = store.CommitAsync(Put("mine", created.Revision), Token);
        var theirs = await other.CommitAsync(Put("theirs", created.Revision), Token);

        var result = await update;
        Assert.False(result.Succeeded);
        Assert.Equal(theirs.Revision, result.CurrentOnFailure?.ModRevision);
    }

    [Fact]
    public async Task Delete_WhoseAnswerIsLost_IsUnknown()
    {
        await using var proxy = new FaultyProxy(fixture.Etcd.Address);
        await using var store = await ConnectAsync(proxy);
        var created = await store.CommitAsync(Put("0", 0), Token);

        proxy.LoseAnswers = true;
        var delete = new Transaction([new Compare(_key, created.Revision)], [Operation.Delete(_key)]);
        var error = await Assert.ThrowsAsync<StorageException>(() => store.CommitAsync(delete, Token));

        // It may as well have been deleted by somebody else.
        Assert.Equal(StorageErrorKind.Unknown, error.Kind);
    }

    [Fact]
    public async Task Etcd_WithoutSpace_TakesDeletesAndReads()
    {
        await using var etcd = new EtcdProcess("http", "--quota-backend-bytes", $"{4 << 20}");
        await etcd.StartAsync(Token);
        await using var store = etcd.Connect();

        var error = await FillAsync(store);
        var read = await store.RangeAsync(new RangeQuery(KeyRange.All), Token);
        var deleted = await store.CommitAsync(new Transaction([], [Operation.Delete(read.Items[0].Key)]), Token);

        Assert.Equal(StorageErrorKind.NoSpace, error.Kind);
        Assert.True(deleted.Succeeded);
        Assert.Equal(deleted.Revision, await store.CurrentRevisionAsync(Token));
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<StorageException> FillAsync(EtcdStore store)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await store.CommitAsync(new Transaction([], [Operation.Put($"/registry/fill/{i}", new byte[500_000])]), Token);
            }
            catch (StorageException e)
            {
                return e;
            }
        }
    }

    /// <summary>A store whose first member is behind the proxy and known to be well.</summary>
    private async Task<EtcdStore> ConnectAsync(FaultyProxy proxy)
    {
        var store = fixture.Etcd.ConnectAfter(proxy.Address);
        await store.CurrentRevisionAsync(Token);
        return store;
    }

    private Transaction Put(string value, long expected) =>
        new([new Compare(_key, expected)], [Operation.Put(_key, Encoding.UTF8.GetBytes(value))]);

    private async Task<(string Value, long Revision, long Version)> GetAsync(EtcdStore store)
    {
        var item = Assert.Single((await store.RangeAsync(new RangeQuery(KeyRange.Single(_key)), Token)).Items);
        return (Encoding.UTF8.GetString(item.Value.Span), item.ModRevision, item.Version);
    }

    private async Task<long> WaitForAsync(EtcdStore store, string value)
    {
        while (true)
        {
            var item = await GetAsync(store);
            if (item.Value == value)
            {
                return item.Revision;
            }
        }
    }
}
