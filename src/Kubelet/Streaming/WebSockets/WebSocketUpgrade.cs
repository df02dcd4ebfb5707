using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.Http.Features;

namespace MiniKube.Kubelet.Streaming.WebSockets;

/// <summary>
/// The server's half of WebSocket's handshake (RFC 6455, 4.2), by hand: ASP.NET Core's own refuses sub-protocols with a slash in their name, such as
/// <c>SPDY/3.1+portforward.k8s.io</c>.
/// </summary>
internal static class WebSocketUpgrade
{
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyLength = 16;

    // Sent when nothing else is, so that a client whose machine is gone is noticed.
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(30);

    /// <summary>The sub-protocols that the client would speak, the ones it likes best first.</summary>
    public static IReadOnlyList<string> Offered(HttpRequest request) =>
        [.. request.Headers.SecWebSocketProtocol.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>What is wrong with the request; null if it can be accepted.</summary>
    public static string? FindFault(HttpRequest request)
    {
        var key = new byte[KeyLength + 2];
        return !HttpMethods.IsGet(request.Method) ? "a WebSocket is opened with GET"
            : request.Headers.SecWebSocketVersion != "13" ? "the version of WebSocket must be 13"
            : !Convert.TryFromBase64String(request.Headers.SecWebSocketKey.ToString(), key, out var length) || length != KeyLength ? "Sec-WebSocket-Key is missing or malformed"
            : null;
    }

    public static async Task<WebSocket> AcceptAsync(HttpContext context, string protocol)
    {
        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = AcceptKey(context.Request.Headers.SecWebSocketKey.ToString());
        if (protocol.Length > 0)
        {
            context.Response.Headers.SecWebSocketProtocol = protocol;
        }

        var stream = await upgrade.UpgradeAsync();
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = KeepAliveInterval });
    }

    // RFC 6455 says how: what it proves is only that the server speaks WebSocket.
#pragma warning disable CA5350 // SHA-1 is no secret here
    private static string AcceptKey(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350
}
