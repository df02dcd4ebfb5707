using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MiniKube.Storage.Embedded;

namespace MiniKube.Storage.Tests.Embedded;

/// <summary>What the writer does when its log fails, which a healthy disk does not show.</summary>
public sealed class CommitLoopTests : IDisposable
{
    private readonly KeyIndex _index = new();
    private readonly RecentChanges _recent = new();
    private readonly FailingLog _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Write_WhoseCommitFails_IsUnknownAndTheLastOne()
    {
        await using var loop = Start();
        await WriteAsync(loop, "before");
        _log.Failure = StorageErrorKind.Failed;

        await AssertFailsAsync(StorageErrorKind.Unknown, () => WriteAsync(loop, "during"));
        _log.Failure = null;

        await AssertFailsAsync(StorageErrorKind.Failed, () => WriteAsync(loop, "after"));
        Assert.Equal(["before"], _index.Range(new RangeQuery(KeyRange.All)).Versions.Select(version => version.Key));
    }

    [Theory]
    [InlineData(StorageErrorKind.NoSpace)]
    [InlineData(StorageErrorKind.Unavailable)]
    public async Task Write_ThatSurelyDidNotHappen_LeavesTheStoreAsItWas(StorageErrorKind kind)
    {
        await using var loop = Start();
        _log.Failure = kind;

        await AssertFailsAsync(kind, () => WriteAsync(loop, "during"));
        _log.Failure = null;
        var after = await WriteAsync(loop, "after");

        Assert.Equal(2, after.Revision);
        Assert.Equal(["after"], _index.Range(new RangeQuery(KeyRange.All)).Versions.Select(version => version.Key));
    }

    [Fact]
    public async Task Write_BeforeItIsDurable_IsNeitherAcknowledgedNorSeen()
    {
        using var gate = new ManualResetEventSlim();
        _log.Gate = gate;
        await using var loop = Start();
        var write = WriteAsync(loop, "a");
        Assert.True(await _log.Entered.WaitAsync(TimeSpan.FromSeconds(60), Token));

        Assert.False(write.IsCompleted);
        Assert.Empty(_index.Range(new RangeQuery(KeyRange.All)).Versions);
        Assert.Equal(1, _index.Revision);

        gate.Set();
        Assert.Equal(2, (await write).Revision);
        Assert.Equal(2, _index.Revision);
    }

    private static async Task AssertFailsAsync(StorageErrorKind kind, Func<Task> action) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<StorageException>(action)).Kind);

    private static Task<TransactionResult> WriteAsync(CommitLoop loop, string key) =>
        loop.WriteAsync(batch => batch.Apply(new Transaction([], [Operation.Put(key, "1"u8.ToArray())])), Token);

    private CommitLoop Start()
    {
        _recent.Start(_index.Revision);
        var loop = new CommitLoop(_index, _log, _recent, new FakeTimeProvider(), NullLogger.Instance);
        loop.Start([]);
        return loop;
    }

    private sealed class FailingLog : IVersionLog
    {
        public StorageErrorKind? Failure { get; set; }

        public ManualResetEventSlim? Gate { get; set; }

        public SemaphoreSlim Entered { get; } = new(0);

        public bool HasSpareSpace => false;

        public LogContent Load() => new([], 0);

        public void Append(CommitBatch batch)
        {
            Entered.Release();
            Gate?.Wait(TimeSpan.FromSeconds(10), Token);
            if (Failure is { } kind)
            {
                throw new StorageException(kind, "the test says so");
            }
        }

        public IReadOnlyList<KeyValue> TryRead(IReadOnlyList<KeyVersion> versions) => [];

        public HistoryPage ReadHistory(KeyRange range, long fromRevision, long toRevision) => new(toRevision, []);

        public void Tidy()
        {
            // Nothing is kept.
        }

        public void Dispose() => Entered.Dispose();
    }
}
