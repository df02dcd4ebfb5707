using System.Buffers.Text;
using System.Collections.Concurrent;

namespace MiniKube.Benchmarks.Load;

/// <summary>Many watchers, each on a connection of its own, while clients create pods: how many events reach them, and how late.</summary>
internal sealed class WatchWorkload(LoadTarget target, TimeProvider clock, TimeSpan duration)
{
    private const int Writers = 16;

    // Timing every event would cost more than reading it.
    private const int TimedWatchers = 10;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private int _run;

    private long _events;

    public async Task<IReadOnlyList<Figure>> RunAsync(int watchers, CancellationToken cancellationToken)
    {
        var name = $"watch, {watchers} watchers";
        var run = ++_run;
        var latencies = new ConcurrentBag<List<double>>();
        _events = 0;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var connected = new CountdownEvent(watchers);
        var loops = Enumerable.Range(0, watchers)
            .Select(watcher => Task.Run(() => WatchAsync(watcher, connected, latencies, end.Token), end.Token)).ToList();
        await Task.Run(() => connected.Wait(cancellationToken), cancellationToken);

        var server = target.Process?.ProcessorTime() ?? default;
        var own = Environment.CpuUsage.TotalTime;
        var started = clock.GetTimestamp();
        var creates = await new Measurement(target, clock).RunAsync($"{name}: creates", Writers, duration, async (client, connection, number) =>
        {
            using var body = PodBodies.Create($"watched-{run}-{client}-{number}", number, clock.GetTimestamp());
            using var response = await connection.PostAsync("/api/v1/namespaces/default/pods", body, cancellationToken);
            response.EnsureSuccessStatusCode();
        }, cancellationToken);
        await DrainAsync((long)(creates[0].Median * duration.TotalSeconds) * watchers, cancellationToken);
        var elapsed = clock.GetElapsedTime(started);
        server = (target.Process?.ProcessorTime() ?? default) - server;
        own = Environment.CpuUsage.TotalTime - own;
        await end.CancelAsync();
        await Task.WhenAll(loops);

        var latency = new Figure("", "ms", [.. latencies.SelectMany(list => list)], "");
        return
        [
            new Figure($"{name}: events delivered", "/s", [_events / elapsed.TotalSeconds], ""),
            new Figure($"{name}: event p50", "ms", [latency.Percentile(0.5)], ""),
            new Figure($"{name}: event p99", "ms", [latency.Percentile(0.99)], ""),
            new Figure($"{name}: server CPU an event (creates included)", "µs", [server.TotalMicroseconds / _events], ""),
            new Figure($"{name}: client CPU an event (creates included)", "µs", [own.TotalMicroseconds / _events], ""),
            creates[0],
        ];
    }

    // Until what was written has arrived, or nothing comes any more.
    private async Task DrainAsync(long expected, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var before = -1L; Interlocked.Read(ref _events) is var now && now < expected && now != before && clock.GetElapsedTime(started) < Grace;)
        {
            before = now;
            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellationToken);
        }
    }

    private async Task WatchAsync(int watcher, CountdownEvent connected, ConcurrentBag<List<double>> latencies, CancellationToken cancellationToken)
    {
        using var connection = target.Connect();
        try
        {
            var newest = await NewestAsync(connection, cancellationToken);
            using var response = await connection.GetAsync(
                $"/api/v1/namespaces/default/pods?watch=true&resourceVersion={newest}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            connected.Signal();
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await ReadAsync(stream, watcher < TimedWatchers ? latencies : null, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }

    private static async Task<string> NewestAsync(HttpClient connection, CancellationToken cancellationToken)
    {
        var list = await connection.GetStringAsync("/api/v1/namespaces/default/pods?limit=1", cancellationToken);
        const string Field = "\"resourceVersion\":\"";
        var begin = list.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        return list[begin..list.IndexOf('"', begin)];
    }

    private async Task ReadAsync(Stream stream, ConcurrentBag<List<double>>? latencies, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        latencies?.Add(times);
        var buffer = new byte[64 * 1024];
        var filled = 0;
        while (await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var read)
        {
            var now = clock.GetTimestamp();
            filled += read;
            var end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && filled == buffer.Length)
            {
                throw new InvalidOperationException("An event is larger than the buffer.");
            }

            var lines = buffer.AsSpan(0, end);
            Interlocked.Add(ref _events, lines.Count((byte)'\n'));
            if (latencies is not null)
            {
                Time(lines, now, times);
            }

            buffer.AsSpan(end, filled - end).CopyTo(buffer);
            filled -= end;
        }
    }

    private void Time(ReadOnlySpan<byte> lines, long now, List<double> times)
    {
        var field = "\"load/sent\":\""u8;
        while (lines.IndexOf(field) is >= 0 and var at)
        {
            lines = lines[(at + field.Length)..];
            if (Utf8Parser.TryParse(lines, out long sent, out _))
            {
                times.Add(clock.GetElapsedTime(sent, now).TotalMilliseconds);
            }
        }
    }
}
