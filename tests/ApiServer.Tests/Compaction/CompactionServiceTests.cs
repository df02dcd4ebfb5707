using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

using MiniKube.ApiServer.Compaction;
using MiniKube.Storage;
using MiniKube.Storage.Embedded;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Compaction;

public sealed class CompactionServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _clock = new();
    private readonly TemporaryFolder _files = new();
    private EmbeddedStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await EmbeddedStore.OpenAsync(
        new EmbeddedStoreOptions { Path = EmbeddedStoreOptions.InMemory }, NullLogger<EmbeddedStore>.Instance, _clock, Token);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Interval_Passing_ForgetsWhatIsOlderThanOneInterval()
    {
        using var service = Service();
        await service.StartAsync(Token);
        var old = await PutAsync("a");
        await PutAsync("a");
        await PassAsync(noted: 1);
        var young = await PutAsync("a");

        await PassAsync(noted: 2);

        await Eventually.GetAsync(_ => IsForgottenAsync(old), forgotten => forgotten, Limit, Token);
        Assert.False(await IsForgottenAsync(young));
        await service.StopAsync(Token);
    }

    [Fact]
    public async Task Interval_PassingWithoutSpace_MakesSome()
    {
        await _store.DisposeAsync();
        _store = await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = _files.File("store.db"), QuotaBytes = 4 << 20 }, NullLogger<EmbeddedStore>.Instance, _clock, Token);
        using var service = Service();
        await service.StartAsync(Token);
        await PassAsync(noted: 1);
        await FillAsync();

        // The first interval remembers how far the store was, the second forgets what was before.
        _clock.Advance(Interval);
        await Eventually.GetAsync(
            async _ =>
            {
                _clock.Advance(Interval);
                return await TryPutAsync();
            },
            succeeded => succeeded,
            Limit,
            Token);
        await service.StopAsync(Token);
    }

    private CompactionService Service() => new(_store, Interval, _clock, NullLogger<CompactionService>.Instance);

    private async Task<long> PutAsync(string key) =>
        (await _store.CommitAsync(new Transaction([], [Operation.Put(key, "x"u8.ToArray())]), Token)).Revision;

    private async Task FillAsync()
    {
        while (await TryPutAsync())
        {
        }
    }

    // A page and more, so that it cannot be hidden in one that is there already; the same key each time, so that all before is garbage.
    private async Task<bool> TryPutAsync()
    {
        try
        {
            await _store.CommitAsync(new Transaction([], [Operation.Put("large", new byte[200_000])]), Token);
            return true;
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NoSpace)
        {
            return false;
        }
    }

    /// <summary>Lets an interval pass, and waits until it has been noted that often.</summary>
    private async Task PassAsync(int noted)
    {
        _clock.Advance(Interval);
        await Eventually.GetAsync(async _ => await NoteAsync(), note => note?.Version >= noted, Limit, Token);
    }

    private async Task<KeyValue?> NoteAsync()
    {
        var range = await _store.RangeAsync(new RangeQuery(KeyRange.Single(CompactionService.NoteKey)), Token);
        return range.Items.Count == 0 ? null : range.Items[0];
    }

    private async Task<bool> IsForgottenAsync(long revision)
    {
        try
        {
            await _store.RangeAsync(new RangeQuery(KeyRange.All, revision), Token);
            return false;
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.Compacted)
        {
            return true;
        }
    }
}
