using System.Text;

using MiniKube.Storage.Snapshots;

namespace MiniKube.Storage.Tests;

/// <summary>
/// What every store must do. Revisions are compared with what was there before, and every test has keys of its own, so that one
/// store can serve all tests of a class.
/// </summary>
public abstract class KeyValueStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _deadline =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private readonly string _prefix = $"/registry/{Guid.NewGuid():N}/";

    protected IKeyValueStore Store { get; private set; } = null!;

    protected CancellationToken Token => _deadline.Token;

    private KeyRange Everything => KeyRange.Prefix(_prefix);

    public async ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(Deadline);
        Store = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanAsync();
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Commit_OfSeveralOperations_RaisesTheRevisionByOne()
    {
        var before = await Store.CurrentRevisionAsync(Token);

        var first = await CommitAsync([], Put("a", "1"), Put("b", "1"), Put("c", "1"));
        var second = await CommitAsync([], Put("a", "2"), Delete("b"));

        Assert.Equal(before + 1, first.Revision);
        Assert.Equal(before + 2, second.Revision);
        Assert.Equal(before + 2, await Store.CurrentRevisionAsync(Token));
        Assert.Equal(["a=2", "c=1"], await ListAsync());
    }

    [Fact]
    public async Task Commit_OfANewKey_CountsVersionsFromOne()
    {
        var created = await CommitAsync([], Put("a", "1"));
        var updated = await CommitAsync([], Put("a", "2"));

        var item = Assert.Single((await Store.RangeAsync(new RangeQuery(KeyRange.Single(Key("a"))), Token)).Items);
        Assert.Equal(created.Revision, item.CreateRevision);
        Assert.Equal(updated.Revision, item.ModRevision);
        Assert.Equal(2, item.Version);
    }

    [Fact]
    public async Task Commit_AfterADelete_CreatesAnew()
    {
        await CommitAsync([], Put("a", "1"));
        await CommitAsync([], Delete("a"));
        var again = await CommitAsync([new Compare(Key("a"), 0)], Put("a", "2"));

        var item = Assert.Single((await Store.RangeAsync(new RangeQuery(Everything), Token)).Items);
        Assert.Equal((again.Revision, again.Revision, 1L), (item.CreateRevision, item.ModRevision, item.Version));
    }

    [Fact]
    public async Task Commit_WhenAKeyExistsThatMustNot_GivesWhatStoodInTheWay()
    {
        var created = await CommitAsync([], Put("a", "1"));

        var failed = await CommitAsync([new Compare(Key("a"), 0)], Put("a", "2"), Put("b", "2"));

        Assert.False(failed.Succeeded);
        Assert.Equal(0, failed.FailedCompare);
        Assert.Equal(created.Revision, failed.Revision);
        Assert.Equal((Key("a"), "1", created.Revision), Found(failed.CurrentOnFailure));
        Assert.Equal(["a=1"], await ListAsync());
    }

    [Fact]
    public async Task Commit_WhenAKeyIsMissing_GivesNothingInTheWay()
    {
        var failed = await CommitAsync([new Compare(Key("a"), 7)], Put("a", "2"));

        Assert.False(failed.Succeeded);
        Assert.Null(failed.CurrentOnFailure);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Commit_WhenTheSecondCompareFails_NamesItAndChangesNothing()
    {
        var a = await CommitAsync([], Put("a", "1"));
        var b = await CommitAsync([], Put("b", "1"));

        var failed = await CommitAsync([new Compare(Key("a"), a.Revision), new Compare(Key("b"), a.Revision)], Put("a", "2"), Delete("b"));

        Assert.False(failed.Succeeded);
        Assert.Equal(1, failed.FailedCompare);
        Assert.Equal((Key("b"), "1", b.Revision), Found(failed.CurrentOnFailure));
        Assert.Equal(["a=1", "b=1"], await ListAsync());
    }

    [Fact]
    public async Task Commit_WhenEveryCompareHolds_Succeeds()
    {
        var a = await CommitAsync([], Put("a", "1"));

        var result = await CommitAsync([new Compare(Key("a"), a.Revision), new Compare(Key("b"), 0)], Put("a", "2"));

        Assert.True(result.Succeeded);
        Assert.Equal(-1, result.FailedCompare);
        Assert.Null(result.CurrentOnFailure);
    }

    [Fact]
    public async Task Commit_ThatChangesNothing_KeepsTheRevision()
    {
        var created = await CommitAsync([], Put("a", "1"));

        var deletesNothing = await CommitAsync([], Delete("missing"));
        var hasNoOperation = await CommitAsync([new Compare(Key("a"), created.Revision)]);

        Assert.True(deletesNothing.Succeeded);
        Assert.True(hasNoOperation.Succeeded);
        Assert.Equal(created.Revision, deletesNothing.Revision);
        Assert.Equal(created.Revision, hasNoOperation.Revision);
        Assert.Equal(created.Revision, await Store.CurrentRevisionAsync(Token));
    }

    [Fact]
    public async Task Commit_OfAnEmptyValue_IsNotADelete()
    {
        var put = await CommitAsync([], Put("a", ""));

        Assert.Equal(["a="], await ListAsync());
        Assert.Equal([$"Put a= {put.Revision}"], await WatchAsync(put.Revision, 1));
    }

    [Fact]
    public async Task Commit_OfTheSameKeyTwice_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync([], Put("a", "1"), Delete("a")));

    [Fact]
    public async Task Commit_OfALargeValue_KeepsEveryByte()
    {
        var value = Bytes(1_500_000);
        await CommitAsync([], Operation.Put(Key("a"), value));

        var item = Assert.Single((await Store.RangeAsync(new RangeQuery(Everything), Token)).Items);
        Assert.Equal(value, item.Value.ToArray());
    }

    [Fact]
    public async Task Commit_OfMoreThanTheStoreTakes_IsTooLarge()
    {
        var before = await Store.CurrentRevisionAsync(Token);
        var many = Enumerable.Range(0, 129).Select(i => Put($"{i}", "1")).ToArray();

        await AssertFailsAsync(StorageErrorKind.TooLarge, () => CommitAsync([], Operation.Put(Key("a"), Bytes(1_600_000))));
        await AssertFailsAsync(StorageErrorKind.TooLarge, () => CommitAsync([], Operation.Put(Key("a"), Bytes(5_000_000))));
        await AssertFailsAsync(StorageErrorKind.TooLarge, () => CommitAsync([], many));
        Assert.Equal(before, await Store.CurrentRevisionAsync(Token));
    }

    [Fact]
    public async Task Commit_OfManyCreatorsOfOneKey_SucceedsOnce()
    {
        var results = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => CommitAsync([new Compare(Key("a"), 0)], Put("a", $"{i}"))));

        var winner = Assert.Single(results, result => result.Succeeded);
        Assert.All(results.Where(result => !result.Succeeded), loser => Assert.Equal(winner.Revision, loser.CurrentOnFailure?.ModRevision));
    }

    [Fact]
    public async Task Commit_OfManyIncrementers_LosesNoUpdate()
    {
        await CommitAsync([], Put("counter", "0"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => IncrementAsync(20), Token)));

        Assert.Equal(["counter=160"], await ListAsync());
    }

    [Fact]
    public async Task Commit_WhenCancelledBefore_ChangesNothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.CommitAsync(new Transaction([], [Put("a", "1")]), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.RangeAsync(new RangeQuery(Everything), cancelled));

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Range_OfAPrefix_IsInByteOrderAndHoldsNothingElse()
    {
        string[] keys = ["foo/b", "foobar", "foo/a/x", "foo", "foo/", "foo/\uE000", "foo/😀", "foo0", "foo/é"];
        await CommitAsync([], [.. keys.Select(key => Put(key, "1"))]);

        var items = (await Store.RangeAsync(new RangeQuery(KeyRange.Prefix(Key("foo/"))), Token)).Items;

        Assert.Equal(["foo/", "foo/a/x", "foo/b", "foo/é", "foo/\uE000", "foo/😀"], items.Select(item => item.Key[_prefix.Length..]));
    }

    [Fact]
    public async Task Range_OfOneKey_HoldsOnlyThatKey()
    {
        await CommitAsync([], Put("foo", "1"), Put("foobar", "2"));

        var found = await Store.RangeAsync(new RangeQuery(KeyRange.Single(Key("foo"))), Token);
        var missing = await Store.RangeAsync(new RangeQuery(KeyRange.Single(Key("fo"))), Token);

        Assert.Equal([Key("foo")], found.Items.Select(item => item.Key));
        Assert.Equal((0L, 0), (missing.Count, missing.Items.Count));
    }

    [Fact]
    public async Task Range_OfAll_HoldsEveryKey()
    {
        await CommitAsync([], Put("a", "1"));

        Assert.Contains((await Store.RangeAsync(new RangeQuery(KeyRange.All), Token)).Items, item => item.Key == Key("a"));
    }

    [Fact]
    public async Task Range_WithALimit_ReadsNoMore_AndACountReadsNothing()
    {
        await CommitAsync([], Put("a", "1"), Put("b", "1"), Put("c", "1"));

        var limited = await Store.RangeAsync(new RangeQuery(Everything, Limit: 2), Token);
        var counted = await Store.RangeAsync(new RangeQuery(Everything, CountOnly: true), Token);

        Assert.Equal((2L, 2), (limited.Count, limited.Items.Count));
        Assert.Equal((3L, 0), (counted.Count, counted.Items.Count));
    }

    [Fact]
    public async Task Range_AtARevision_ReadsWhatWasThere()
    {
        var first = await CommitAsync([], Put("a", "1"), Put("b", "1"));
        await CommitAsync([], Put("a", "2"), Delete("b"), Put("c", "2"));

        var then = await Store.RangeAsync(new RangeQuery(Everything, first.Revision), Token);

        Assert.Equal(["a=1", "b=1"], then.Items.Select(Describe));
        Assert.Equal((first.Revision, 2L), (then.Revision, then.Count));
        Assert.Equal(["a=2", "c=2"], await ListAsync());
    }

    [Fact]
    public async Task Range_AtARevisionToCome_IsRefused()
    {
        var revision = await Store.CurrentRevisionAsync(Token);

        await AssertFailsAsync(StorageErrorKind.FutureRevision, () => Store.RangeAsync(new RangeQuery(Everything, revision + 1), Token));
    }

    [Fact]
    public async Task Range_OfManyMegabytes_IsWholeAndAtOneRevision()
    {
        var value = Bytes(1 << 20);
        for (var i = 0; i < 9; i++)
        {
            await CommitAsync([], Operation.Put(Key($"{i}"), value));
        }

        var result = await Store.RangeAsync(new RangeQuery(Everything), Token);

        Assert.Equal(9, result.Count);
        Assert.All(result.Items, item => Assert.Equal(value, item.Value.ToArray()));
        Assert.Equal(result.Items[^1].ModRevision, result.Revision);
    }

    [Fact]
    public async Task Range_OfManyKeys_WhileTheyAreRewritten_IsAtOneRevision()
    {
        const int keys = 3000;
        foreach (var chunk in Enumerable.Range(0, keys).Chunk(100))
        {
            await CommitAsync([], [.. chunk.Select(i => Put($"{i:D5}", "old"))]);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var rewriting = Task.Run(() => RewriteAsync(keys, stop.Token), Token);
        var result = await Store.RangeAsync(new RangeQuery(Everything), Token);
        await stop.CancelAsync();
        await rewriting;

        var again = await Store.RangeAsync(new RangeQuery(Everything, result.Revision), Token);
        Assert.Equal((long)keys, result.Count);
        Assert.Equal(keys, result.Items.Count);
        Assert.Equal(again.Items.Select(Describe), result.Items.Select(Describe));
        Assert.True(result.Items.Max(item => item.ModRevision) <= result.Revision);
    }

    [Fact]
    public async Task Watch_FromThePast_DeliversHistoryInOrder()
    {
        var start = (await CommitAsync([], Put("a", "1"))).Revision;
        await CommitAsync([], Put("b", "1"), Put("a", "2"));
        await CommitAsync([], Delete("a"));

        Assert.Equal(
            [$"Put a=1 {start}", $"Put b=1 {start + 1}", $"Put a=2 {start + 1}", $"Delete a= {start + 2}"],
            await WatchAsync(start, 4));
        Assert.Equal([$"Delete a= {start + 2}"], await WatchAsync(start + 2, 1));
    }

    [Fact]
    public async Task Watch_OfADelete_CarriesTheDeletionsRevision()
    {
        await CommitAsync([], Put("a", "1"));
        var deleted = await CommitAsync([], Delete("a"));

        await foreach (var batch in Store.WatchAsync(Everything, deleted.Revision, Token))
        {
            var change = Assert.Single(batch.Events);
            Assert.Equal(KeyEventType.Delete, change.Type);
            Assert.Equal((0L, deleted.Revision, 0L), (change.KeyValue.CreateRevision, change.KeyValue.ModRevision, change.KeyValue.Version));
            Assert.True(change.KeyValue.Value.IsEmpty);
            break;
        }
    }

    [Fact]
    public async Task Watch_OfOneRange_SeesNothingElse()
    {
        var start = await Store.CurrentRevisionAsync(Token) + 1;
        await CommitAsync([], Put("foobar", "1"));
        await CommitAsync([], Put("foo/a", "1"), Put("fop", "1"));
        await CommitAsync([], Put("foo/b", "1"));

        Assert.Equal(
            [$"Put foo/a=1 {start + 1}", $"Put foo/b=1 {start + 2}"],
            await WatchAsync(start, 2, KeyRange.Prefix(Key("foo/"))));
        Assert.Equal([$"Put foobar=1 {start}"], await WatchAsync(start, 1, KeyRange.Single(Key("foobar"))));
    }

    [Fact]
    public async Task Watch_OfLiveChanges_DeliversEach()
    {
        var start = await Store.CurrentRevisionAsync(Token) + 1;
        var watch = WatchAsync(start, 3);

        for (var i = 0; i < 3; i++)
        {
            await CommitAsync([], Put("a", $"{i}"));
        }

        Assert.Equal([$"Put a=0 {start}", $"Put a=1 {start + 1}", $"Put a=2 {start + 2}"], await watch);
    }

    [Fact]
    public async Task Watch_FromARevisionToCome_BeginsThere()
    {
        var now = await Store.CurrentRevisionAsync(Token);
        var watch = WatchAsync(now + 3, 1);

        for (var i = 1; i <= 4; i++)
        {
            await CommitAsync([], Put("a", $"{i}"));
        }

        Assert.StartsWith($"Put a=3 {now + 3}", (await watch)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OfManyMegabytes_DeliversEveryByte()
    {
        var value = Bytes(1_400_000);
        var start = await Store.CurrentRevisionAsync(Token) + 1;
        for (var i = 0; i < 6; i++)
        {
            await CommitAsync([], Put($"{i}-small", "1"), Operation.Put(Key($"{i}"), value));
        }

        // A store that sends this in parts breaks it before a large value, in the middle of a revision.
        var (seen, last) = (0, start - 1);
        await foreach (var batch in Store.WatchAsync(Everything, start, Token))
        {
            AssertWhole(batch);
            Assert.True(last < batch.Events[0].KeyValue.ModRevision, "a revision came in two parts");
            last = batch.Revision;
            Assert.All(batch.Events.Where((_, i) => i % 2 == 1), change => Assert.Equal(value, change.KeyValue.Value.ToArray()));
            seen += batch.Events.Count;
            if (seen == 12)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Watch_ByTenWatchersOfManyWriters_IsTheSameForAllAndWhole()
    {
        const int writers = 16;
        const int writes = 40;
        var start = await Store.CurrentRevisionAsync(Token) + 1;
        var live = Enumerable.Range(0, 8).Select(_ => WatchAsync(start, writers * writes * 2)).ToList();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer, writes), Token)));
        var late = Enumerable.Range(0, 2).Select(_ => WatchAsync(start, writers * writes * 2));

        var histories = await Task.WhenAll(live.Concat(late));

        // The test is the only writer: two events a revision, without a gap.
        Assert.Equal(
            Enumerable.Range(0, writers * writes * 2).Select(i => $"{start + (i / 2)}"),
            histories[0].Select(change => change.Split(' ')[^1]));
        Assert.All(histories, history => Assert.Equal(histories[0], history));
    }

    [Fact]
    public async Task Watch_FromTheRevisionOfAList_HasNoGap()
    {
        var writing = Task.Run(() => WriteAsync(1, 200), Token);
        var list = await Store.RangeAsync(new RangeQuery(Everything), Token);
        await writing;

        var state = list.Items.ToDictionary(item => item.Key, item => item.ModRevision);
        var final = await Store.RangeAsync(new RangeQuery(Everything), Token);
        if (final.Revision > list.Revision)
        {
            await foreach (var batch in Store.WatchAsync(Everything, list.Revision + 1, Token))
            {
                Assert.All(batch.Events, change => state[change.KeyValue.Key] = change.KeyValue.ModRevision);
                if (batch.Revision == final.Revision)
                {
                    break;
                }
            }
        }

        Assert.Equal(final.Items.ToDictionary(item => item.Key, item => item.ModRevision), state);
    }

    [Fact]
    public async Task Watch_WhenCancelled_Ends()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var start = await Store.CurrentRevisionAsync(Token) + 1;
        await using var watch = Store.WatchAsync(Everything, start, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = watch.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Compact_ForgetsWhatWasOverwrittenAndKeepsTheRest()
    {
        var first = await CommitAsync([], Put("a", "1"), Put("b", "1"), Put("kept", "1"));
        await CommitAsync([], Put("a", "2"), Delete("b"));
        var last = await CommitAsync([], Put("a", "3"));

        await Store.CompactAsync(last.Revision, Token);

        await AssertFailsAsync(StorageErrorKind.Compacted, () => Store.RangeAsync(new RangeQuery(Everything, first.Revision), Token));
        Assert.Equal(["a=3", "kept=1"], await ListAsync());
        Assert.Equal(
            ["a=3", "kept=1"], (await Store.RangeAsync(new RangeQuery(Everything, last.Revision), Token)).Items.Select(Describe));
        var again = await CommitAsync([new Compare(Key("b"), 0)], Put("b", "2"));
        Assert.Equal(last.Revision + 1, again.Revision);
    }

    [Fact]
    public async Task Compact_OfWhatIsGoneOrToCome_IsRefused()
    {
        var revision = (await CommitAsync([], Put("a", "1"))).Revision;
        await Store.CompactAsync(revision, Token);

        await AssertFailsAsync(StorageErrorKind.Compacted, () => Store.CompactAsync(revision, Token));
        await AssertFailsAsync(StorageErrorKind.FutureRevision, () => Store.CompactAsync(revision + 1, Token));
    }

    [Fact]
    public async Task Watch_FromACompactedRevision_SaysSo()
    {
        var start = (await CommitAsync([], Put("a", "1"))).Revision;
        await CommitAsync([], Put("a", "2"));
        await CommitAsync([], Put("a", "3"));
        await Store.CompactAsync(start + 1, Token);

        await AssertFailsAsync(StorageErrorKind.Compacted, () => WatchAsync(start, 1));

        // The compaction's own revision may have lost a deletion.
        await AssertFailsAsync(StorageErrorKind.Compacted, () => WatchAsync(start + 1, 1));
        Assert.Equal([$"Put a=3 {start + 2}"], await WatchAsync(start + 2, 1));
    }

    [Fact]
    public async Task Key_WithATimeToLive_IsDeletedWhenItEnds()
    {
        var live = TimeSpan.FromSeconds(2);
        var keys = Enumerable.Range(0, 200).Select(i => $"event-{i:D3}").ToList();
        var start = await Store.CurrentRevisionAsync(Token) + 1;
        foreach (var chunk in keys.Chunk(50))
        {
            await CommitAsync([], [.. chunk.Select(key => Operation.Put(Key(key), "1"u8.ToArray(), live))]);
        }

        await CommitAsync([], Put("kept", "1"), Operation.Put(Key("cleared"), "1"u8.ToArray(), live));
        await CommitAsync([], Put("cleared", "2"));
        var watch = WatchAsync(start, 403);
        await PassAsync(live);

        var deleted = (await watch).Where(change => change.StartsWith("Delete", StringComparison.Ordinal)).Select(change => change.Split(' ')[1]);
        Assert.Equal(keys.Select(key => $"{key}="), deleted.Order(StringComparer.Ordinal));
        Assert.Equal(["cleared=2", "kept=1"], await ListAsync());
    }

    [Fact]
    public async Task Key_WhoseTimeToLiveIsRenewed_LivesOn()
    {
        var renewed = new TimeSpan(0, 0, 2);
        await CommitAsync([], Operation.Put(Key("renewed"), "1"u8.ToArray(), renewed), Operation.Put(Key("old"), "1"u8.ToArray(), renewed));
        var put = await CommitAsync([], Operation.Put(Key("renewed"), "2"u8.ToArray(), TimeSpan.FromMinutes(10)));
        var watch = WatchAsync(put.Revision + 1, 1);
        await PassAsync(renewed);

        Assert.StartsWith("Delete old=", (await watch)[0], StringComparison.Ordinal);
        Assert.Equal(["renewed=2"], await ListAsync());
    }

    [Fact]
    public async Task Snapshot_Restored_HoldsWhatItHeld_AtHigherRevisions_AndForgetsHistory()
    {
        await CommitAsync([], Put("changed", "1"), Put("deleted", "1"), Put("same", "1"), Put("left out", "1"));
        using var file = new MemoryStream();
        var saved = await StoreSnapshot.SaveAsync(Store, Everything, key => key != Key("left out"), file, Token);
        await CommitAsync([], Put("changed", "2"), Delete("deleted"), Put("new", "1"));
        var before = await Store.CurrentRevisionAsync(Token);

        file.Position = 0;
        var restored = await StoreSnapshot.RestoreAsync(Store, Everything, file, 0, Token);

        Assert.Equal((saved, 3), (restored, saved.Keys));
        Assert.Equal(["changed=1", "deleted=1", "same=1"], await ListAsync());
        Assert.True(await Store.CurrentRevisionAsync(Token) > before);
        await AssertFailsAsync(StorageErrorKind.Compacted, () => WatchAsync(before, 1));
    }

    [Fact]
    public async Task Snapshot_WhileOthersWrite_IsOfOneRevision()
    {
        var keys = Enumerable.Range(0, 120).Select(i => $"key-{i:D4}").ToList();
        foreach (var round in Enumerable.Range(0, 10))
        {
            await CommitAsync([], [.. keys.Select(key => Put($"{round}/{key}", "0"))]);
        }

        using var file = new MemoryStream();
        var writing = Task.Run(async () =>
        {
            for (var value = 1; value <= 20; value++)
            {
                await CommitAsync([], Put("0/key-0000", $"{value}"), Put("9/key-0119", $"{value}"));
            }
        }, Token);
        await StoreSnapshot.SaveAsync(Store, Everything, _ => true, file, Token);
        await writing;
        file.Position = 0;
        await StoreSnapshot.RestoreAsync(Store, Everything, file, 0, Token);

        var values = (await ListAsync()).ToList();
        Assert.Equal(1200, values.Count);
        Assert.Equal(values[0].Split('=')[1], values[^1].Split('=')[1]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Snapshot_Damaged_IsRefusedAndChangesNothing(int at)
    {
        await CommitAsync([], Put("a", "1"), Put("b", "1"));
        using var file = new MemoryStream();
        await StoreSnapshot.SaveAsync(Store, Everything, _ => true, file, Token);
        await CommitAsync([], Put("a", "2"));
        var bytes = file.ToArray();
        bytes[at < 0 ? bytes.Length + at : at] ^= 0x55;

        await AssertFailsAsync(StorageErrorKind.Failed, () => StoreSnapshot.RestoreAsync(Store, Everything, new MemoryStream(bytes), 0, Token));
        await AssertFailsAsync(StorageErrorKind.Failed, () => StoreSnapshot.RestoreAsync(Store, Everything, new MemoryStream(bytes[..^20]), 0, Token));

        Assert.Equal(["a=2", "b=1"], await ListAsync());
    }

    /// <summary>The store, or a connection to one.</summary>
    protected abstract Task<IKeyValueStore> OpenAsync();

    /// <summary>Lets a time to live pass, on the store's clock.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    /// <summary>Removes what the store left behind.</summary>
    protected virtual Task CleanAsync() => Task.CompletedTask;

    protected static async Task AssertFailsAsync(StorageErrorKind kind, Func<Task> action) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<StorageException>(action)).Kind);

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static (string Key, string Value, long Revision)? Found(KeyValue? item) =>
        item is null ? null : (item.Key, Encoding.UTF8.GetString(item.Value.Span), item.ModRevision);

    private static void AssertWhole(WatchBatch batch) => Assert.Equal(batch.Revision, batch.Events[^1].KeyValue.ModRevision);

    private string Key(string name) => _prefix + name;

    private Operation Put(string name, string value) => Operation.Put(Key(name), Encoding.UTF8.GetBytes(value));

    private Operation Delete(string name) => Operation.Delete(Key(name));

    private string Describe(KeyValue item) => $"{item.Key[_prefix.Length..]}={Encoding.UTF8.GetString(item.Value.Span)}";

    private string Describe(KeyEvent change) =>
        $"{change.Type} {Describe(change.KeyValue)} {change.KeyValue.ModRevision}";

    private Task<TransactionResult> CommitAsync(Compare[] compares, params Operation[] operations) =>
        Store.CommitAsync(new Transaction(compares, operations), Token);

    private async Task<IEnumerable<string>> ListAsync() =>
        (await Store.RangeAsync(new RangeQuery(Everything), Token)).Items.Select(Describe);

    /// <summary>The next events, and not one more of the last revision than was asked for.</summary>
    private async Task<List<string>> WatchAsync(long fromRevision, int count, KeyRange? range = null)
    {
        var seen = new List<KeyEvent>();
        await foreach (var batch in Store.WatchAsync(range ?? Everything, fromRevision, Token))
        {
            AssertWhole(batch);
            Assert.True(seen.Count == 0 || seen[^1].KeyValue.ModRevision < batch.Events[0].KeyValue.ModRevision, "a revision came in two parts");
            seen.AddRange(batch.Events);
            if (seen.Count >= count)
            {
                break;
            }
        }

        return [.. seen.Select(Describe)];
    }

    private async Task IncrementAsync(int times)
    {
        while (times > 0)
        {
            var item = (await Store.RangeAsync(new RangeQuery(KeyRange.Single(Key("counter"))), Token)).Items[0];
            var next = int.Parse(Encoding.UTF8.GetString(item.Value.Span), null) + 1;
            var result = await CommitAsync([new Compare(item.Key, item.ModRevision)], Put("counter", $"{next}"));
            times -= result.Succeeded ? 1 : 0;
        }
    }

    private async Task RewriteAsync(int keys, CancellationToken cancellationToken)
    {
        for (var i = 0; !cancellationToken.IsCancellationRequested; i = (i + 7) % keys)
        {
            await CommitAsync([], Put($"{i:D5}", "new"));
        }
    }

    private async Task WriteAsync(int writer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await CommitAsync([], Put($"{writer}/{i % 5}", $"{i}"), Put($"{writer}/second", $"{i}"));
        }
    }
}
