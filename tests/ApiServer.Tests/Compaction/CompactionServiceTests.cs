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
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new();
    private EmbeddedStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await EmbeddedStore.OpenAsync(
        new EmbeddedStoreOptions { Path = EmbeddedStoreOptions.InMemory }, NullLogger<EmbeddedStore>.Instance, _clock, Token);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

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

    private CompactionService Service() => new(_store, Interval, _clock, NullLogger<CompactionService>.Instance);

    private async Task<long> PutAsync(string key) =>
        (await _store.CommitAsync(new Transaction([], [Operation.Put(key, "x"u8.ToArray())]), Token)).Revision;

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
