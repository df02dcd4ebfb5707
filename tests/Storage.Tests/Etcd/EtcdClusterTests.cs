using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>Three members, of which one dies or sleeps while clients write and watch.</summary>
[Trait("Needs", "Machine")]
public sealed class EtcdClusterTests
{
    private const int Writers = 8;

    private readonly ConcurrentDictionary<int, long> _acknowledged = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cluster_WhoseMemberIsLost_LosesNothingAndRepeatsNothing(bool killed)
    {
        await using var cluster = new EtcdCluster();
        await cluster.StartAsync(Token);
        await using var store = cluster.Connect();
        var start = await store.CurrentRevisionAsync(Token) + 1;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(store, writer, stop.Token)));
        await WaitForAllAsync(10);

        // The client prefers the first member: it loses its connection, and perhaps the cluster its leader.
        if (killed)
        {
            await cluster.Members[0].KillAsync();
        }
        else
        {
            cluster.Members[0].Pause();
        }

        var before = _acknowledged.Values.Max();
        await WaitForAllAsync(before + 20);
        if (!killed)
        {
            cluster.Members[0].Resume();
            await WaitForAllAsync(before + 60);
        }

        await stop.CancelAsync();
        await writing;
        await CheckAsync(store, start);
    }

    private static string Key(int writer) => $"/registry/counters/{writer}";

    private static long Number(KeyValue item) => long.Parse(Encoding.UTF8.GetString(item.Value.Span), CultureInfo.InvariantCulture);

    /// <summary>Counts up, each number written once: a number that is skipped or repeated would show in the history.</summary>
    private async Task WriteAsync(EtcdStore store, int writer, CancellationToken stop)
    {
        var revision = 0L;
        for (var number = 1L; !stop.IsCancellationRequested;)
        {
            try
            {
                var put = Operation.Put(Key(writer), Encoding.UTF8.GetBytes($"{number}"));
                var result = await store.CommitAsync(new Transaction([new Storage.Compare(put.Key, revision)], [put]), Token);
                Assert.True(result.Succeeded, "only this writer writes the key");
                revision = result.Revision;
                _acknowledged[writer] = number++;
            }
            catch (StorageException e) when (e.Kind == StorageErrorKind.Unavailable)
            {
                // It did not happen: the same number again.
            }
        }
    }

    private async Task WaitForAllAsync(long number)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (_acknowledged.Count < Writers || _acknowledged.Values.Any(acknowledged => acknowledged < number))
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    private async Task CheckAsync(EtcdStore store, long start)
    {
        var final = await store.RangeAsync(new RangeQuery(KeyRange.Prefix("/registry/counters/")), Token);
        Assert.Equal(_acknowledged.OrderBy(pair => pair.Key).Select(pair => pair.Value), final.Items.Select(Number));

        var next = new long[Writers];
        await foreach (var batch in store.WatchAsync(KeyRange.All, start, Token))
        {
            foreach (var change in batch.Events)
            {
                var writer = int.Parse(change.KeyValue.Key.Split('/')[^1], CultureInfo.InvariantCulture);
                Assert.Equal(++next[writer], Number(change.KeyValue));
            }

            if (batch.Revision >= final.Revision)
            {
                break;
            }
        }

        Assert.Equal(final.Items.Select(Number), next);
    }
}
