using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MiniKube.Storage.Embedded;

namespace MiniKube.Storage.Tests.Embedded;

public sealed class EmbeddedMemoryStoreTests : KeyValueStoreTests
{
    private readonly FakeTimeProvider _time = new();

    protected override async Task<IKeyValueStore> OpenAsync() =>
        await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = EmbeddedStoreOptions.InMemory }, NullLogger<EmbeddedStore>.Instance, _time, Token);

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
