using System.Net.Sockets;

namespace MiniKube.Client.Transport;

/// <summary>
/// The connections that a client has open, so that they can be ended: HTTP/2 keeps one for as long as it works, with the certificate that it began with.
/// </summary>
internal sealed class OpenConnections
{
    private readonly Lock _lock = new();
    private readonly HashSet<Connection> _open = [];

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var connection = new Connection(socket, this);
        lock (_lock)
        {
            _open.Add(connection);
        }

        return connection;
    }

    /// <summary>Ends them all. What runs on them fails as when the server goes away, and is tried again by whoever does that.</summary>
    public void End()
    {
        List<Connection> open;
        lock (_lock)
        {
            open = [.. _open];
        }

        open.ForEach(connection => connection.End());
    }

    private void Forget(Connection connection)
    {
        lock (_lock)
        {
            _open.Remove(connection);
        }
    }

    private sealed class Connection(Socket socket, OpenConnections owner) : NetworkStream(socket, ownsSocket: true)
    {
        public void End()
        {
            try
            {
                Socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It has ended by itself.
            }
        }

        protected override void Dispose(bool disposing)
        {
            owner.Forget(this);
            base.Dispose(disposing);
        }
    }
}
