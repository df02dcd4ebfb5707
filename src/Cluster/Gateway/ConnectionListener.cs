using System.Net.Sockets;

using Microsoft.Extensions.Hosting;

namespace MiniKube.Cluster.Gateway;

/// <summary>Accepts connections on a socket and serves each on a task of its own; a connection that breaks ends alone.</summary>
internal abstract partial class ConnectionListener(Socket listener, ILogger logger) : BackgroundService
{
    private const int Backlog = 512;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Listen(Backlog);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var connections = new HashSet<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stoppingToken);
                connections.RemoveWhere(connection => connection.IsCompleted);
                connections.Add(ServeAndCloseAsync(socket, stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    protected abstract Task ServeAsync(Socket client, CancellationToken cancellationToken);

    private async Task ServeAndCloseAsync(Socket client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                await ServeAsync(client, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The other side broke off, or the gateway stops.
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                Log.Broken(logger, exception.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "A connection broke: {Reason}")]
        public static partial void Broken(ILogger logger, string reason);
    }
}
