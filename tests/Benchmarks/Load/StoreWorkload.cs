using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Storage;
using MiniKube.Storage.Embedded;
using MiniKube.Storage.Etcd;

namespace MiniKube.Benchmarks.Load;

/// <summary>Transactions that create a key of 2 kB, against a store alone: what no API server on this disk can exceed.</summary>
internal sealed class StoreWorkload(TimeProvider clock, TimeSpan duration)
{
    private const int ValueSize = 2000;

    public async Task<IReadOnlyList<Figure>> EmbeddedAsync(IReadOnlyList<int> writers, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("mk-store-");
        try
        {
            await using var store = await EmbeddedStore.OpenAsync(
                new EmbeddedStoreOptions { Path = Path.Combine(folder.FullName, "store.db") }, NullLogger<EmbeddedStore>.Instance, clock, cancellationToken);
            return await RunAsync("embedded store alone", store, writers, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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
