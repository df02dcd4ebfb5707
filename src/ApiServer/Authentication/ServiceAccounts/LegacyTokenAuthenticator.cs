using System.Security.Cryptography;
using System.Text;

using MiniKube.Api.Serialization;
using MiniKube.Api.Tokens;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>Tokens without end that are kept in Secrets of the type kubernetes.io/service-account-token: good as long as the Secret holds just this token.</summary>
internal sealed class LegacyTokenAuthenticator(IReadOnlyList<PublicKey> keys, TokenObjects objects, IReadOnlyList<string> apiAudiences) : ITokenAuthenticator
{
    private const string InvalidSinceLabel = "kubernetes.io/legacy-token-invalid-since";

    public async ValueTask<TokenIdentity?> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        if (JsonWebToken.Parse(token) is not { Issuer: LegacyToken.Issuer } parsed)
        {
            return null;
        }

        if (!keys.Any(parsed.IsSignedBy))
        {
            throw new TokenException("go-jose/go-jose: error in cryptographic primitive");
        }

        string Claim(string name) => parsed.Claims.StringAt(name) ?? "";
        var (ns, account, uid) = (Claim(LegacyToken.Namespace), Claim(LegacyToken.AccountName), Claim(LegacyToken.AccountUid));
        if (parsed.Claims.StringAt("sub") != ServiceAccountName.UserOf(ns, account))
        {
            throw new TokenException("sub claim is invalid");
        }

        await CheckSecretAsync(token, ns, Claim(LegacyToken.SecretName), cancellationToken);
        if (await objects.ServiceAccountAsync(ns, account, cancellationToken) is not { } found || CachedIdentity.Of(found) is not { Deleted: null } identity)
        {
            throw new TokenException($"service account {ns}/{account} has been deleted");
        }

        if (identity.Uid != uid)
        {
            throw new TokenException($"service account UID ({identity.Uid}) does not match claim ({uid})");
        }

        // They name no audience: they are meant for this server, and for nobody else.
        var meant = audiences.Intersect(apiAudiences, StringComparer.Ordinal).ToArray();
        return meant.Length > 0
            ? new TokenIdentity(new UserInfo(ServiceAccountName.UserOf(ns, account), [.. ServiceAccountName.GroupsOf(ns), UserInfo.AuthenticatedGroup]) { Uid = uid }, meant)
            : throw new TokenException("token audiences is invalid for the target audiences");
    }

    private async ValueTask CheckSecretAsync(string token, string @namespace, string name, CancellationToken cancellationToken)
    {
        if (await objects.SecretAsync(@namespace, name, cancellationToken) is not { } secret || CachedIdentity.Of(secret).Deleted is not null)
        {
            throw new TokenException("service account token has been invalidated");
        }

        var stored = ObjectCodec.Parse(secret.Json.Span).StringAt("data", "token") ?? "";
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(stored), Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(token)))))
        {
            throw new TokenException("service account token does not match server's copy");
        }

        if (secret.Labels.TryGetValue(InvalidSinceLabel, out var since))
        {
            throw new TokenException($"the token in secret {@namespace}/{name} for service account has been marked invalid since {since}");
        }
    }
}
