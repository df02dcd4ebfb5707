using System.Globalization;

using MiniKube.Kubelet.Streaming.Spdy;

namespace MiniKube.Kubelet.Streaming.Ports;

/// <summary>Port forwarding over SPDY: the client opens two streams for each connection, which a request id holds together.</summary>
internal static class SpdyPortForward
{
    /// <summary>Serves until the client closes.</summary>
    public static async Task RunAsync(SpdyConnection connection, PortForwardTarget target, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(connection.Lost, cancellationToken);
        var halves = new Dictionary<string, SpdyStreamRequest>();
        var running = new List<Task>();
        try
        {
            await foreach (var request in connection.Opened.ReadAllAsync(stop.Token))
            {
                if (PortOf(request) is not { } port || !request.Headers.TryGetValue("requestid", out var id))
                {
                    await connection.ResetAsync(request.Stream, stop.Token);
                    continue;
                }

                if (!halves.Remove(id, out var other))
                {
                    halves[id] = request;
                    continue;
                }

                var (data, error) = request.Type == "data" ? (request, other) : (other, request);
                error.Stream.Ignore();
                running.RemoveAll(task => task.IsCompleted);
                running.Add(new ForwardedPort(port, data.Stream, error.Stream).RunAsync(target, waitsForClient: true, stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has gone, or the kubelet stops.
        }

        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    private static int? PortOf(SpdyStreamRequest request) =>
        request.Type is "data" or "error"
        && ushort.TryParse(request.Headers.GetValueOrDefault("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port > 0
            ? port
            : null;
}
