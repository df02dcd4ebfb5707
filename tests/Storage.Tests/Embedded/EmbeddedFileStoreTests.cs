using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MiniKube.Storage.Embedded;

namespace MiniKube.Storage.Tests.Embedded;

public sealed class EmbeddedFileStoreTests : KeyValueStoreTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();

    protected override async Task<IKeyValueStore> OpenAsync() =>
        await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = _folder.File("store.db") }, NullLogger<EmbeddedStore>.Instance, _time, Token);

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    protected override Task CleanAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
