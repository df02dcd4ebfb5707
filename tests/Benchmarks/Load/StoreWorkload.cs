using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Storage;
using MiniKube.Storage.Embedded;
using MiniKube.Storage.Etcd;

namespace MiniKube.Benchmarks.Load;

/// <summary>Transactions that create a key of 2 kB, against a store alone: what no API server on this disk can exceed.</summary>
internal sealed class StoreWorkload(TimeProvider clock, TimeSpan duration)
{
    private const int ValueSize = 2000;
    private const int KeysPerTransaction = 100;
    private const int OpenRounds = 5;

    /// <param name="writers">How many write at once, one measurement each.</param>
    /// <param name="keys">How many keys a store holds whose opening is timed.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<IReadOnlyList<Figure>> EmbeddedAsync(IReadOnlyList<int> writers, int keys, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("mk-store-");
        try
        {
            await using var store = await OpenAsync(Path.Combine(folder.FullName, "store.db"), cancellationToken);
            var rates = await RunAsync("embedded store alone", store, writers, cancellationToken);
            return [.. rates, await OpeningAsync(Path.Combine(folder.FullName, "full.db"), keys, cancellationToken)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<EmbeddedStore> OpenAsync(string path, CancellationToken cancellationToken) =>
        EmbeddedStore.OpenAsync(new EmbeddedStoreOptions { Path = path }, NullLogger<EmbeddedStore>.Instance, clock, cancellationToken);

    private async Task<Figure> OpeningAsync(string path, int keys, CancellationToken cancellationToken)
    {
        await using (var store = await OpenAsync(path, cancellationToken))
        {
            var value = new byte[ValueSize];
            foreach (var chunk in Enumerable.Range(0, keys).Chunk(KeysPerTransaction))
            {
                await store.CommitAsync(new Transaction([], [.. chunk.Select(key => Operation.Put($"/registry/load/default/key-{key:D7}", value))]), cancellationToken);
            }
        }

        var times = new List<double>();
        for (var round = 0; round < OpenRounds; round++)
        {
            var started = clock.GetTimestamp();
            await using var store = await OpenAsync(path, cancellationToken);
            times.Add(clock.GetElapsedTime(started).TotalSeconds);
        }

        return new Figure($"embedded store alone: opening {keys} objects", "s", times, "");
    }

    public async Task<IReadOnlyList<Figure>> EtcdAsync(Uri server, IReadOnlyList<int> writers, CancellationToken cancellationToken)
    {
        await using var store = new EtcdStore(new EtcdStoreOptions { Servers = [server] }, NullLogger<EtcdStore>.Instance, clock);
        return await RunAsync("etcd alone", store, writers, cancellationToken);
    }

    private async Task<IReadOnlyList<Figure>> RunAsync(string name, IKeyValueStore store, IReadOnlyList<int> writers, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        var value = new byte[ValueSize];
        foreach (var count in writers)
        {
            var commits = 0L;
            var started = clock.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, count).Select(writer => Task.Run(
                async () =>
                {
                    for (var number = 0; clock.GetElapsedTime(started) < duration; number++)
                    {
                        var key = $"/registry/load/{count}/{writer}/{number}";
                        await store.CommitAsync(new Transaction([new Compare(key, 0)], [Operation.Put(key, value)]), cancellationToken);
                        Interlocked.Increment(ref commits);
                    }
                },
                cancellationToken)));
            figures.Add(new Figure($"{name}: create, {count} writers", "/s", [commits / clock.GetElapsedTime(started).TotalSeconds], ""));
        }

        return figures;
    }
}
