using System.Collections.Concurrent;

using MiniKube.Api.Errors;
using MiniKube.Api.Tokens;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>
/// Tokens that a server with one of our issuers has signed. A signature is verified once and remembered; whether the account and the pod behind it are still
/// there is looked up for every request: a token ends with them at once.
/// </summary>
internal sealed class ServiceAccountAuthenticator(
    IReadOnlyList<string> issuers, IReadOnlyList<PublicKey> keys, TokenValidator validator) : ITokenAuthenticator
{
    // A thousand pods, each with its token, and what they had before.
    private const int MostRemembered = 4096;

    private readonly ConcurrentDictionary<string, Verified> _verified = new(StringComparer.Ordinal);

    public async ValueTask<TokenIdentity?> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        if (Verify(token) is not { } verified)
        {
            return null;
        }

        var meant = verified.Audiences.Intersect(audiences, StringComparer.Ordinal).ToArray();
        if (meant.Length == 0)
        {
            throw new TokenException(
                $"token audiences {GoText.QuoteAll(verified.Audiences)} is invalid for the target audiences {GoText.QuoteAll(audiences)}");
        }

        await validator.ValidateAsync(verified.Claims, cancellationToken);
        return new TokenIdentity(verified.User, meant);
    }

    private Verified? Verify(string text)
    {
        if (_verified.TryGetValue(text, out var known))
        {
            return known;
        }

        if (JsonWebToken.Parse(text) is not { } token || !issuers.Contains(token.Issuer, StringComparer.Ordinal))
        {
            return null;
        }

        if (!keys.Any(token.IsSignedBy))
        {
            throw new TokenException("go-jose/go-jose: error in cryptographic primitive");
        }

        var claims = ServiceAccountClaims.Read(token.Claims) ?? throw new TokenException("service account token claims could not be validated due to unexpected private claim");
        if (_verified.Count >= MostRemembered)
        {
            _verified.Clear();
        }

        return _verified[text] = new Verified(claims, token.Audiences, claims.ToUser());
    }

    private sealed record Verified(ServiceAccountClaims Claims, IReadOnlyList<string> Audiences, UserInfo User);
}
