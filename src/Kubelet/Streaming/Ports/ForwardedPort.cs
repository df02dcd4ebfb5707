using System.Globalization;
using System.Net.Sockets;
using System.Text;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Streaming.Ports;

/// <summary>One connection of a client with a port of a pod: a channel of data, and one on which the client is told what went wrong.</summary>
/// <param name="Port">In the pod.</param>
/// <param name="Data">Both ways.</param>
/// <param name="Error">Text.</param>
internal sealed record ForwardedPort(int Port, ChannelStream Data, ChannelStream Error)
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Joins the channel with the port until both have said all, or one breaks off. Failures are told to the client, never thrown.</summary>
    /// <param name="target">The pod.</param>
    /// <param name="waitsForClient">Whether the client can say that it has nothing more to say; else the pod's end is the end.</param>
    /// <param name="cancellationToken">The client is gone, or the kubelet stops.</param>
    public async Task RunAsync(PortForwardTarget target, bool waitsForClient, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await target.DialAsync(Port, cancellationToken);
            await JoinAsync(socket, waitsForClient, cancellationToken);
        }
        catch (ContainerRuntimeException exception)
        {
            await TellAsync(string.Create(CultureInfo.InvariantCulture, $"error forwarding port {Port} to pod {target.Name}, uid {target.Uid}: {exception.Message}"), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One side broke off: the other sees the end. Upstream has no words for it either.
        }

        await EndAsync(cancellationToken);
    }

    private async Task JoinAsync(Socket socket, bool waitsForClient, CancellationToken cancellationToken)
    {
        await using var pod = new NetworkStream(socket);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var toPod = ToPodAsync(pod, socket, stop.Token);
        var toClient = ToClientAsync(pod, stop.Token);
        var first = await Task.WhenAny(toPod, toClient);
        if (!first.IsCompletedSuccessfully || (first == toClient && !waitsForClient))
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(toPod, toClient);
    }

    private async Task ToPodAsync(NetworkStream pod, Socket socket, CancellationToken cancellationToken)
    {
        await Data.CopyToAsync(pod, BufferSize, cancellationToken);
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task ToClientAsync(NetworkStream pod, CancellationToken cancellationToken)
    {
        await pod.CopyToAsync(Data, BufferSize, cancellationToken);
        await Data.EndAsync(cancellationToken);
    }

    private async Task TellAsync(string message, CancellationToken cancellationToken)
    {
        try
        {
            await Error.WriteAsync(Encoding.UTF8.GetBytes(message), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Nobody is left to be told.
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Data.EndAsync(cancellationToken);
            await Error.EndAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The connection has ended, and its channels with it.
        }

        // Whatever the client still sends must not hold up its other channels.
        Data.Ignore();
    }
}
