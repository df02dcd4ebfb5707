namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>Makes service account tokens.</summary>
internal sealed class TokenIssuer(ServiceAccountKeys keys, bool extendsExpiration)
{
    /// <summary>What the kubelet asks for with upstream's projected volume. Clients that never read the file again would be locked out after an hour.</summary>
    private const long ExtendedSeconds = 3607;

    private static readonly TimeSpan Extension = TimeSpan.FromDays(365);

    public IReadOnlyList<string> ApiAudiences => keys.ApiAudiences;

    /// <param name="claims">Whose token it is, and what it is bound to.</param>
    /// <param name="audiences">Where it may be shown.</param>
    /// <param name="seconds">How long the client means to use it.</param>
    /// <param name="now">When it begins.</param>
    public string Issue(ServiceAccountClaims claims, IReadOnlyList<string> audiences, long seconds, DateTimeOffset now)
    {
        var expires = now.AddSeconds(seconds);
        var isExtended = extendsExpiration && seconds == ExtendedSeconds && claims.Pod is not null && audiences.All(keys.ApiAudiences.Contains);
        return keys.Signing.Sign((claims with
        {
            Issuer = keys.Issuers[0],
            Audiences = audiences,
            Id = Guid.NewGuid().ToString(),
            IssuedAt = now,
            NotBefore = now,
            Expires = isExtended ? now + Extension : expires,
            WarnAfter = isExtended ? expires : null,
        }).ToJson());
    }
}
