using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MiniKube.Storage.Embedded;
using MiniKube.Storage.Snapshots;

namespace MiniKube.Storage.Tests.Embedded;

/// <summary>What only the embedded store does: it owns a file, and keeps its history there.</summary>
public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private string Database => _folder.File("data/store.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copy_OfAStoreThatIsOpen_IsAStore_AndRestoresIntoANewOneBeyondItsRevision()
    {
        var copy = _folder.File("copy.db");
        using var snapshot = new MemoryStream();
        await using (var store = await OpenAsync())
        {
            await PutAsync(store, "a", "1");
            await PutAsync(store, "a", "2");
            await EmbeddedStore.CopyAsync(Database, copy, Token);
            await PutAsync(store, "a", "3");
        }

        await using (var copied = await EmbeddedStore.OpenAsync(new EmbeddedStoreOptions { Path = copy }, NullLogger<EmbeddedStore>.Instance, _time, Token))
        {
            Assert.Equal(["a=2"], await ListAsync(copied, 0));
            await StoreSnapshot.SaveAsync(copied, KeyRange.All, _ => true, snapshot, Token);
        }

        snapshot.Position = 0;
        await using var empty = await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = EmbeddedStoreOptions.InMemory }, NullLogger<EmbeddedStore>.Instance, _time, Token);
        var summary = await StoreSnapshot.RestoreAsync(empty, KeyRange.All, snapshot, 1000, Token);

        Assert.Equal(["a=2"], await ListAsync(empty, 0));
        Assert.InRange(await empty.CurrentRevisionAsync(Token), summary.Revision + 1000, summary.Revision + 1100);
    }

    [Fact]
    public async Task Copy_OfNoStore_Fails()
    {
        await File.WriteAllTextAsync(_folder.File("text"), "this is not a database, and long enough to be seen as none", Token);

        Assert.Equal(
            StorageErrorKind.Failed, (await Assert.ThrowsAsync<StorageException>(() => EmbeddedStore.CopyAsync(_folder.File("text"), _folder.File("copy.db"), Token))).Kind);
    }

    [Fact]
    public async Task Open_AfterAClose_FindsKeysRevisionsAndHistory()
    {
        long first;
        await using (var store = await OpenAsync())
        {
            first = (await PutAsync(store, "a", "1")).Revision;
            await PutAsync(store, "a", "2");
            await store.CommitAsync(new Transaction([], [Operation.Delete("a")]), Token);
            await PutAsync(store, "b", "1");
        }

        await using var reopened = await OpenAsync();
        Assert.Equal(first + 3, await reopened.CurrentRevisionAsync(Token));
        Assert.Equal(["b=1"], await ListAsync(reopened, 0));
        Assert.Equal(["a=2"], await ListAsync(reopened, first + 1));
        Assert.Equal(["Put a", "Put a", "Delete a", "Put b"], await WatchAsync(reopened, first, 4));
    }

    [Fact]
    public async Task Open_AfterACompaction_KnowsItsRevision()
    {
        long revision;
        await using (var store = await OpenAsync())
        {
            await PutAsync(store, "a", "1");
            revision = (await store.CommitAsync(new Transaction([], [Operation.Delete("a")]), Token)).Revision;
            await store.CompactAsync(revision, Token);
        }

        // Nothing is left of the newest revision, yet it must not be given twice.
        await using var reopened = await OpenAsync();
        Assert.Equal(revision, await reopened.CurrentRevisionAsync(Token));
        await AssertFailsAsync(StorageErrorKind.Compacted, () => reopened.RangeAsync(new RangeQuery(KeyRange.All, revision - 1), Token));
        Assert.Equal(revision + 1, (await PutAsync(reopened, "a", "2")).Revision);
    }

    [Fact]
    public async Task Open_AfterATimeToLiveEnded_DeletesTheKey()
    {
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(new Transaction([], [Operation.Put("a", "1"u8.ToArray(), TimeSpan.FromHours(1))]), Token);
        }

        _time.Advance(TimeSpan.FromHours(2));
        await using var reopened = await OpenAsync();
        var revision = await reopened.CurrentRevisionAsync(Token);
        Assert.Contains("Delete a", await WatchAsync(reopened, revision, 1, "Delete a"));
    }

    [Fact]
    public async Task Key_ThatLivesLongerThanATimerTakes_IsDeletedInTheEnd()
    {
        await using var store = await OpenAsync();
        var put = await store.CommitAsync(new Transaction([], [Operation.Put("a", "1"u8.ToArray(), TimeSpan.FromDays(100))]), Token);
        var watch = WatchAsync(store, put.Revision + 1, 1);
        while (!watch.IsCompleted)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await Task.WhenAny(watch, Task.Delay(TimeSpan.FromMilliseconds(1), Token));
        }

        Assert.Equal(["Delete a"], await watch);
        Assert.True(_time.GetUtcNow() - _time.Start >= TimeSpan.FromDays(100));
    }

    [Fact]
    public async Task Open_OfAStoreInUse_SaysSo()
    {
        await using var store = await OpenAsync();

        var error = await Assert.ThrowsAsync<StorageException>(OpenAsync);

        Assert.Equal(StorageErrorKind.Failed, error.Kind);
        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfAnotherKindOfFile_Fails()
    {
        Directory.CreateDirectory(_folder.File("data"));
        await File.WriteAllTextAsync(Database, new string('x', 10_000), Token);

        await AssertFailsAsync(StorageErrorKind.Failed, OpenAsync);
        Assert.Equal(10_000, new FileInfo(Database).Length);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Files_AreReadableByTheirOwnerOnly()
    {
        await using var store = await OpenAsync();
        await PutAsync(store, "secret", "1");

        Assert.NotEmpty(Directory.GetFiles(_folder.File("data"), "store.db-wal"));
        Assert.All(
            Directory.GetFiles(_folder.File("data")),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task File_OfAStoreThatIsCompacted_StaysBounded()
    {
        var sizes = new List<long>();
        await using (var store = await OpenAsync())
        {
            for (var round = 0; round < 6; round++)
            {
                for (var i = 0; i < 40; i++)
                {
                    await store.CommitAsync(new Transaction([], [Operation.Put($"key-{i % 10}", new byte[500_000])]), Token);
                }

                await store.CompactAsync(await store.CurrentRevisionAsync(Token), Token);
                sizes.Add(Directory.GetFiles(_folder.File("data")).Sum(file => new FileInfo(file).Length));
            }
        }

        // 5 MB are alive and 20 MB are written a round.
        Assert.All(sizes, size => Assert.InRange(size, 5_000_000, 60_000_000));
        Assert.InRange(new FileInfo(Database).Length, 5_000_000, 12_000_000);
    }

    [Fact]
    public async Task Commit_OverTheQuota_FindsNoSpaceUntilSomeIsFreed()
    {
        await using var store = await OpenAsync(quotaBytes: 8 << 20);
        var full = await FillAsync(store);

        Assert.Equal(StorageErrorKind.NoSpace, full.Kind);
        Assert.NotEmpty(await ListAsync(store, 0));
        var deleted = await store.CommitAsync(new Transaction([], [.. Enumerable.Range(0, 5).Select(i => Operation.Delete($"key-{i}"))]), Token);
        Assert.True(deleted.Succeeded);
        await store.CompactAsync(deleted.Revision, Token);
        Assert.Equal(deleted.Revision + 1, (await PutAsync(store, "again", "1")).Revision);
    }

    [Fact]
    public async Task Commit_WithOthersThatFindNoSpace_SucceedsIfItNeedsNone()
    {
        await using var store = await OpenAsync(quotaBytes: 8 << 20);
        await FillAsync(store);
        var before = await store.CurrentRevisionAsync(Token);

        var puts = Enumerable.Range(0, 8).Select(i => store.CommitAsync(new Transaction([], [Operation.Put($"more-{i}", new byte[900_000])]), Token)).ToList();
        var delete = store.CommitAsync(new Transaction([], [Operation.Delete("key-0")]), Token);

        Assert.True((await delete).Succeeded);
        foreach (var put in puts)
        {
            await AssertFailsAsync(StorageErrorKind.NoSpace, () => put);
        }

        Assert.Equal(before + 1, await store.CurrentRevisionAsync(Token));
    }

    [Fact]
    public async Task Watch_ThatFallsFarBehind_StillSeesEveryRevisionOnce()
    {
        const int revisions = 12_000;
        await using var store = await OpenAsync();
        var start = await store.CurrentRevisionAsync(Token) + 1;
        await using var watch = store.WatchAsync(KeyRange.All, start, Token).GetAsyncEnumerator(Token);
        var next = watch.MoveNextAsync().AsTask();
        await WriteAsync(store, revisions);

        var seen = new List<long>();
        while (seen.Count < revisions)
        {
            Assert.True(await next);
            seen.AddRange(watch.Current.Events.Select(change => change.KeyValue.ModRevision));
            next = seen.Count < revisions ? watch.MoveNextAsync().AsTask() : next;
        }

        Assert.Equal(Enumerable.Range(0, revisions).Select(i => start + i), seen);
    }

    [Fact]
    public async Task Watch_ThatFallsBehindACompaction_SaysSo()
    {
        await using var store = await OpenAsync();
        var start = await store.CurrentRevisionAsync(Token) + 1;
        await using var watch = store.WatchAsync(KeyRange.All, start, Token).GetAsyncEnumerator(Token);
        var first = watch.MoveNextAsync().AsTask();
        await PutAsync(store, "a", "0");
        Assert.True(await first);

        await WriteAsync(store, 6000);
        await store.CompactAsync(await store.CurrentRevisionAsync(Token), Token);

        await AssertFailsAsync(StorageErrorKind.Compacted, () => watch.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task Requests_AfterTheStoreIsClosed_AreRefused()
    {
        var store = await OpenAsync();
        var start = await store.CurrentRevisionAsync(Token) + 1;
        var watch = WatchAsync(store, start, 1);
        await store.DisposeAsync();

        await AssertFailsAsync(StorageErrorKind.Unavailable, () => PutAsync(store, "a", "1"));
        await AssertFailsAsync(StorageErrorKind.Unavailable, () => watch);
    }

    private static async Task AssertFailsAsync(StorageErrorKind kind, Func<Task> action) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<StorageException>(action)).Kind);

    private static async Task<StorageException> FillAsync(EmbeddedStore store)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await store.CommitAsync(new Transaction([], [Operation.Put($"key-{i}", new byte[500_000])]), Token);
            }
            catch (StorageException e)
            {
                return e;
            }
        }
    }

    private static async Task WriteAsync(EmbeddedStore store, int revisions) =>
        await Task.WhenAll(Enumerable.Range(0, revisions).Select(i => PutAsync(store, $"key-{i % 100}", $"{i}")));

    private static Task<TransactionResult> PutAsync(EmbeddedStore store, string key, string value) =>
        store.CommitAsync(new Transaction([], [Operation.Put(key, Encoding.UTF8.GetBytes(value))]), Token);

    private static async Task<IEnumerable<string>> ListAsync(EmbeddedStore store, long revision) =>
        (await store.RangeAsync(new RangeQuery(KeyRange.All, revision), Token)).Items.Select(
            item => $"{item.Key}={Encoding.UTF8.GetString(item.Value.Span)}");

    private static async Task<List<string>> WatchAsync(EmbeddedStore store, long fromRevision, int count, string? until = null)
    {
        var seen = new List<string>();
        await foreach (var batch in store.WatchAsync(KeyRange.All, fromRevision, Token))
        {
            seen.AddRange(batch.Events.Select(change => $"{change.Type} {change.KeyValue.Key}"));
            if (until is null ? seen.Count >= count : seen.Contains(until))
            {
                break;
            }
        }

        return seen;
    }

    private async Task<EmbeddedStore> OpenAsync(long quotaBytes) =>
        await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = Database, QuotaBytes = quotaBytes }, NullLogger<EmbeddedStore>.Instance, _time, Token);

    private Task<EmbeddedStore> OpenAsync() => OpenAsync(2L << 30);
}
