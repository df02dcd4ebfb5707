using System.Net.Sockets;
using System.Text;

namespace MiniKube.Cluster.Gateway;

/// <summary>
/// The hosts' way out, for pulling images only: an HTTP proxy that listens on a host and dials from the machine's network, with the machine's names.
/// <c>host.minikube.internal</c> is the machine itself, so that a registry on its loopback can be reached.
/// </summary>
internal sealed partial class ConnectProxy(Socket listener, ILogger<ConnectProxy> logger) : ConnectionListener(listener, logger)
{
    /// <summary>The name that the machine has for its hosts.</summary>
    public const string MachineHostName = "host.minikube.internal";

    private const int MaxHeadBytes = 64 * 1024;
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";

    protected override async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxHeadBytes];
        var (headLength, length) = await ReadHeadAsync(client, buffer, cancellationToken);
        if (headLength < 0 || ProxyRequest.Parse(Encoding.Latin1.GetString(buffer, 0, headLength)) is not { } request)
        {
            await AnswerAsync(client, "400 Bad Request", "not a request to a proxy", cancellationToken);
            return;
        }

        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await server.ConnectAsync(request.Host == MachineHostName ? "127.0.0.1" : request.Host, request.Port, cancellationToken);
        }
        catch (SocketException exception)
        {
            Log.Unreachable(logger, request.Host, request.Port, exception.Message);
            await AnswerAsync(client, "502 Bad Gateway", $"{request.Host}:{request.Port}: {exception.Message}", cancellationToken);
            return;
        }

        await SendAsync(request.IsConnect ? client : server, Encoding.Latin1.GetBytes(request.IsConnect ? Established : request.Forward), cancellationToken);
        await SendAsync(server, buffer.AsMemory(headLength, length - headLength), cancellationToken);
        await Splice.RunAsync(client, server, cancellationToken);
    }

    /// <summary>Reads until the empty line. The head's length (-1: there is none), and how much was read in all.</summary>
    private static async Task<(int HeadLength, int Length)> ReadHeadAsync(Socket client, byte[] buffer, CancellationToken cancellationToken)
    {
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await client.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return (end + 4, length);
            }

            if (read == 0)
            {
                break;
            }
        }

        return (-1, length);
    }

    private static Task AnswerAsync(Socket client, string status, string text, CancellationToken cancellationToken) => SendAsync(
        client,
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"),
        cancellationToken);

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes[sent..], cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Host}:{Port} cannot be reached from the machine: {Reason}")]
        public static partial void Unreachable(ILogger logger, string host, int port, string reason);
    }
}
