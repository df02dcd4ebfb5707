using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.Http.Features;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Turns a request into a WebSocket (RFC 6455).</summary>
internal static class WebSocketUpgrade
{
    private const string Version = "13";

    // Of RFC 6455: proves that the server understood the handshake.
    private const string Suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    // Browsers cannot set headers: they carry their token as a protocol, which is never the one that is chosen.
    private const string TokenProtocol = "base64url.bearer.authorization.k8s.io.";

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    public static bool IsAsked(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase);

    /// <summary>Accepts with the first protocol that the client offers, if any. Throws BadRequest for a handshake that is none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="supported">The only protocols that there are; null when any will do. Whoever offers others only is refused.</param>
    public static async Task<WebSocket> AcceptAsync(HttpContext http, IReadOnlyList<string>? supported = null)
    {
        var key = http.Request.Headers.SecWebSocketKey.ToString();
        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade
            || http.Request.Headers.SecWebSocketVersion != Version
            || key.Length == 0)
        {
            throw StatusException.BadRequest("the request is not a valid WebSocket handshake of version 13");
        }

        var chosen = Protocol(http.Request, supported);
        var headers = http.Response.Headers;
        headers.Upgrade = "websocket";
        headers.Connection = "Upgrade";
        headers.SecWebSocketAccept = Answer(key);
        if (chosen is not null)
        {
            headers.SecWebSocketProtocol = chosen;
        }

        return WebSocket.CreateFromStream(
            await upgrade.UpgradeAsync(), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = KeepAlive, SubProtocol = chosen });
    }

    private static string? Protocol(HttpRequest request, IReadOnlyList<string>? supported)
    {
        var offered = request.Headers.SecWebSocketProtocol
            .SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(protocol => !protocol.StartsWith(TokenProtocol, StringComparison.Ordinal))
            .ToList();
        var chosen = offered.Find(protocol => supported?.Contains(protocol) != false);
        return chosen is null && offered.Count > 0
            ? throw StatusException.BadRequest($"requested protocol(s) are not supported: [{string.Join(' ', offered)}]; supports [{string.Join(' ', supported ?? [])}]")
            : chosen;
    }

#pragma warning disable CA5350 // SHA-1 is what the protocol says; it protects nothing.
    private static string Answer(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Suffix)));
#pragma warning restore CA5350
}
