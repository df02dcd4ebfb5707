using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MiniKube.Storage.Embedded;

namespace MiniKube.Storage.Tests.Embedded;

/// <summary>Kills a process that writes, again and again. <c>MINIKUBE_CRASH_ROUNDS</c> says how often; 1,000 take some five minutes.</summary>
public sealed class EmbeddedStoreCrashTests : IDisposable
{
    private const int DefaultRounds = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new();

    private string Database => _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_WhoseProcessIsKilled_KeepsWhatItAcknowledgedAndNothingHalf()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("MINIKUBE_CRASH_ROUNDS"), out var asked) ? asked : DefaultRounds;
        var total = 0;
        for (var round = 0; round < rounds; round++)
        {
            var acknowledged = await WriteAndKillAsync();
            total += acknowledged.Count;
            await CheckAsync(acknowledged);
        }

        Assert.True(total > rounds, "hardly anything was written before the kills");
    }

    private async Task<List<(int Writer, long Number, long Revision)>> WriteAndKillAsync()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("the test program has no path");
        using var writer = Process.Start(new ProcessStartInfo(program, [CrashWriter.Command, Database]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("the writer did not start");
        var acknowledged = new List<(int, long, long)>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));

        // The kill comes at a random number of acknowledgements, and what is still in the pipe counts.
        var killAt = _random.Next(1, 400);
        try
        {
            while (await writer.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                var words = line.Split(' ');
                if (words.Length == 3 && words[2].Length > 0)
                {
                    acknowledged.Add((int.Parse(words[0], CultureInfo.InvariantCulture), Parse(words[1]), Parse(words[2])));
                }

                if (acknowledged.Count == killAt)
                {
                    writer.Kill();
                }
            }
        }
        finally
        {
            writer.Kill();
            await writer.WaitForExitAsync(CancellationToken.None);
        }

        return acknowledged;
    }

    private async Task CheckAsync(List<(int Writer, long Number, long Revision)> acknowledged)
    {
        await using var store = await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = Database }, NullLogger<EmbeddedStore>.Instance, TimeProvider.System, CancellationToken.None);
        var all = await store.RangeAsync(new RangeQuery(KeyRange.All), CancellationToken.None);
        var items = all.Items.ToDictionary(item => item.Key);
        for (var writer = 0; writer < CrashWriter.Writers; writer++)
        {
            var first = items.GetValueOrDefault(CrashWriter.First(writer));
            var second = items.GetValueOrDefault(CrashWriter.Second(writer));
            var last = acknowledged.Where(line => line.Writer == writer).LastOrDefault();
            Assert.True(CrashWriter.Number(first) >= last.Number, $"writer {writer} was told that {last.Number} is kept");
            Assert.Equal(first?.ModRevision, second?.ModRevision);
            Assert.Equal(first?.Value.ToArray(), second?.Value.ToArray());
        }

        Assert.True(acknowledged.Count == 0 || acknowledged.Max(line => line.Revision) <= all.Revision);
        await CheckHistoryAsync(store, all.Revision);
    }

    // Every revision that has not been compacted is there, with both of its events.
    private static async Task CheckHistoryAsync(EmbeddedStore store, long last)
    {
        var next = Math.Max(2, last - 100);
        await foreach (var batch in store.WatchAsync(KeyRange.All, next, CancellationToken.None))
        {
            foreach (var pair in batch.Events.Chunk(2))
            {
                Assert.Equal(2, pair.Length);
                Assert.All(pair, change => Assert.Equal(next, change.KeyValue.ModRevision));
                next++;
            }

            if (next > last)
            {
                break;
            }
        }
    }

    private static long Parse(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
