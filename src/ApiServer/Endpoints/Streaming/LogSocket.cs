using System.Net.WebSockets;
using System.Text;

using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Watching;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>
/// Sends a log over a WebSocket, as upstream does: an empty message first, by which the client sees that it is connected, then each piece as it comes,
/// in binary or, for clients that want text, in base64.
/// </summary>
internal static class LogSocket
{
    private const string Base64Protocol = "base64.binary.k8s.io";
    private const int BufferSize = 2048;

    private static readonly string[] Protocols = ["binary.k8s.io", Base64Protocol];

    /// <summary>Returns when the log has ended or the client has closed the socket.</summary>
    public static async Task SendAsync(HttpContext http, Stream log, TimeProvider clock, CancellationToken cancellationToken)
    {
        var accepted = await WebSocketUpgrade.AcceptAsync(http, Protocols);
        var isBase64 = accepted.SubProtocol == Base64Protocol;
        await using var socket = new WatchSocket(accepted, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, socket.Closed);
        var output = socket.Output(isBase64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary);
        var buffer = new byte[BufferSize];
        var length = 0;
        try
        {
            do
            {
                output.Write(isBase64 ? Encoding.ASCII.GetBytes(Convert.ToBase64String(buffer, 0, length)) : buffer.AsSpan(0, length));
                output.EndEvent();
                await output.FlushAsync(stop.Token);
                length = await log.ReadAsync(buffer, stop.Token);
            }
            while (length > 0);
        }
        catch (OperationCanceledException) when (socket.Closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The client has seen enough.
        }
    }
}
