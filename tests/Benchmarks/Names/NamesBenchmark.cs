using System.Net.Sockets;

namespace MiniKube.Benchmarks.Names;

/// <summary>Clients that ask a name server for one name over UDP, each as soon as it has its answer.</summary>
internal sealed class NamesBenchmark(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Figure>> RunAsync(string server, string name, int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        // What the server compiles and remembers at first is not counted.
        await AskAllAsync(server, name, clients, TimeSpan.FromSeconds(1), cancellationToken);
        var started = clock.GetTimestamp();
        var times = await AskAllAsync(server, name, clients, duration, cancellationToken);
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        var latency = new Figure($"{clients} clients: a query", "ms", times, "");
        return
        [
            new Figure($"{clients} clients: queries a second", "1/s", [times.Count / seconds], ""),
            latency,
            new Figure($"{clients} clients: 99 of 100 queries within", "ms", [latency.Percentile(0.99)], ""),
        ];
    }

    private async Task<IReadOnlyList<double>> AskAllAsync(string server, string name, int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => AskAsync(server, name, () => clock.GetElapsedTime(started) < duration, cancellationToken), cancellationToken)));
        return [.. times.SelectMany(each => each)];
    }

    private async Task<List<double>> AskAsync(string server, string name, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        using var socket = new UdpClient(server, 53);
        var query = Query(name);
        var times = new List<double>();
        while (goesOn())
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            var asked = clock.GetTimestamp();
            await socket.SendAsync(query, cancellationToken);
            var answer = await socket.ReceiveAsync(patience.Token);
            times.Add(clock.GetElapsedTime(asked).TotalMilliseconds);
            if ((answer.Buffer[3] & 0xF) != 0 || answer.Buffer[7] == 0)
            {
                throw new InvalidOperationException($"{server} has no address of {name}.");
            }
        }

        return times;
    }

    // RFC 1035: a header that asks for recursion, and one question, type A, class IN.
    private static byte[] Query(string name) =>
        [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. System.Text.Encoding.ASCII.GetBytes(label)]), 0, 0, 1, 0, 1];
}
