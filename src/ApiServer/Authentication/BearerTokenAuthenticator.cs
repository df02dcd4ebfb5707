using System.Buffers.Text;
using System.Text;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Authentication;

/// <summary>
/// <c>Authorization: Bearer TOKEN</c>; of WebSockets, whose clients in browsers cannot set headers, the subprotocol
/// <c>base64url.bearer.authorization.k8s.io.TOKEN</c>. What was used is taken out of the request, so that it goes no further.
/// </summary>
internal sealed class BearerTokenAuthenticator(TokenAuthenticators tokens) : IAuthenticator
{
    private const string ProtocolHeader = "Sec-WebSocket-Protocol";
    private const string ProtocolPrefix = "base64url.bearer.authorization.k8s.io.";

    public async ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (token, others) = FromHeader(context.Request) is { } header ? (header, null) : FromProtocol(context.Request);
        if (token is null)
        {
            return null;
        }

        try
        {
            var identity = await tokens.AuthenticateAsync(token, tokens.ApiAudiences, cancellationToken);
            context.Request.Headers.Authorization = default;
            if (others is not null)
            {
                context.Request.Headers[ProtocolHeader] = others;
            }

            return identity.User;
        }
        catch (TokenException)
        {
            throw StatusException.Unauthorized();
        }
    }

    /// <summary>As upstream splits it: at single spaces, the scheme in any case. Two spaces are a token that is empty: none.</summary>
    private static string? FromHeader(HttpRequest request)
    {
        var parts = request.Headers.Authorization.ToString().Trim().Split(' ', 3);
        return parts.Length > 1 && parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) && parts[1].Length > 0 ? parts[1] : null;
    }

    private static (string? Token, string? Others) FromProtocol(HttpRequest request)
    {
        var protocols = request.Headers[ProtocolHeader].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<string> bearers = [.. protocols.Where(protocol => protocol.StartsWith(ProtocolPrefix, StringComparison.Ordinal))];
        if (bearers.Count == 0)
        {
            return default;
        }

        // Another protocol must be offered: the answer has to name one, and it must not be the token.
        var others = protocols.Except(bearers).ToList();
        if (bearers.Count > 1 || others.Count == 0 || !Base64Url.IsValid(bearers[0].AsSpan(ProtocolPrefix.Length)))
        {
            throw StatusException.Unauthorized();
        }

        return (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(bearers[0].AsSpan(ProtocolPrefix.Length))), string.Join(", ", others));
    }
}
