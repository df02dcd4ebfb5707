using System.Net.Sockets;

namespace MiniKube.Cluster.Gateway;

/// <summary>Joins two connections: what one side says the other hears, until both have said all.</summary>
internal static class Splice
{
    private const int BufferSize = 64 * 1024;

    public static async Task RunAsync(Socket one, Socket other, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var directions = (Task[])[PumpAsync(one, other, stop.Token), PumpAsync(other, one, stop.Token)];
        var first = await Task.WhenAny(directions);
        if (!first.IsCompletedSuccessfully)
        {
            // One side broke off: the other has nobody left to talk to.
            await stop.CancelAsync();
        }

        await Task.WhenAll(directions);
    }

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        await using var source = new NetworkStream(from);
        await using var target = new NetworkStream(to);
        await source.CopyToAsync(target, BufferSize, cancellationToken);
        to.Shutdown(SocketShutdown.Send);
    }
}
