using System.Collections.Concurrent;

namespace MiniKube.Benchmarks.Load;

/// <summary>Clients that each do one thing after the other, for a while: their rate, their waiting times, and what that costs client and server.</summary>
internal sealed class Measurement(LoadTarget target, TimeProvider clock)
{
    /// <param name="name">Of the figures.</param>
    /// <param name="clients">How many work at once, each on a connection of its own.</param>
    /// <param name="duration">How long they begin new requests.</param>
    /// <param name="act">One request of a client: its number, its connection, how many requests it has made before.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<IReadOnlyList<Figure>> RunAsync(
        string name, int clients, TimeSpan duration, Func<int, HttpClient, int, Task> act, CancellationToken cancellationToken)
    {
        var connections = Enumerable.Range(0, clients).Select(_ => target.Connect()).ToList();
        await Task.WhenAll(connections.Select(async connection => (await connection.GetAsync("/version", cancellationToken)).Dispose()));
        var waits = new ConcurrentBag<List<double>>();
        var server = target.Process?.ProcessorTime() ?? default;
        var own = Environment.CpuUsage.TotalTime;
        var started = clock.GetTimestamp();
        await Task.WhenAll(connections.Select((connection, client) => Task.Run(
            async () => waits.Add(await LoopAsync(client, connection, started, duration, act, cancellationToken)), cancellationToken)));
        var elapsed = clock.GetElapsedTime(started);
        server = (target.Process?.ProcessorTime() ?? default) - server;
        own = Environment.CpuUsage.TotalTime - own;
        connections.ForEach(connection => connection.Dispose());

        var all = waits.SelectMany(wait => wait).ToList();
        var latency = new Figure($"{name}: p50", "ms", all, "");
        List<Figure> figures =
        [
            new Figure($"{name}: rate", "/s", [all.Count / elapsed.TotalSeconds], ""),
            latency with { Samples = [latency.Percentile(0.5)] },
            new Figure($"{name}: p99", "ms", [latency.Percentile(0.99)], ""),
            new Figure($"{name}: client CPU", "ms", [own.TotalMilliseconds / all.Count], ""),
        ];
        if (target.Process is not null)
        {
            figures.Add(new Figure($"{name}: server CPU", "ms", [server.TotalMilliseconds / all.Count], ""));
        }

        return figures;
    }

    private async Task<List<double>> LoopAsync(
        int client, HttpClient connection, long started, TimeSpan duration, Func<int, HttpClient, int, Task> act, CancellationToken cancellationToken)
    {
        var waits = new List<double>();
        while (clock.GetElapsedTime(started) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var begin = clock.GetTimestamp();
            await act(client, connection, waits.Count);
            waits.Add(clock.GetElapsedTime(begin).TotalMilliseconds);
        }

        return waits;
    }
}
