using System.Net.Sockets;

namespace MiniKube.Hosting;

/// <summary>A failed connection in Go's words, which users know from upstream's events.</summary>
public static class DialError
{
    public static string Describe(string host, int port, Exception exception)
    {
        var address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
        return Find(exception) switch
        {
            SocketError.ConnectionRefused => $"dial tcp {address}: connect: connection refused",
            SocketError.HostUnreachable => $"dial tcp {address}: connect: no route to host",
            SocketError.NetworkUnreachable => $"dial tcp {address}: connect: network is unreachable",
            SocketError.TimedOut => $"dial tcp {address}: connect: connection timed out",
            SocketError.ConnectionReset => $"read tcp {address}: read: connection reset by peer",
            SocketError.HostNotFound or SocketError.TryAgain => $"dial tcp: lookup {host}: no such host",
            _ => exception.InnerException is IOException or null && exception is not SocketException ? "EOF" : $"dial tcp {address}: {exception.Message}",
        };
    }

    private static SocketError? Find(Exception? exception)
    {
        while (exception is not null)
        {
            if (exception is SocketException socket)
            {
                return socket.SocketErrorCode;
            }

            exception = exception.InnerException;
        }

        return null;
    }
}
