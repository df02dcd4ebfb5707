namespace MiniKube.ApiServer.Authentication;

/// <summary>All kinds of bearer tokens, one after the other.</summary>
internal sealed class TokenAuthenticators(IReadOnlyList<ITokenAuthenticator> kinds, IReadOnlyList<string> apiAudiences)
{
    /// <summary>What this server itself is called in tokens (<c>--api-audiences</c>).</summary>
    public IReadOnlyList<string> ApiAudiences => apiAudiences;

    /// <summary>Throws <see cref="TokenException"/> when nobody knows the token or it is not good, in upstream's words.</summary>
    public async ValueTask<TokenIdentity> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        foreach (var kind in kinds)
        {
            try
            {
                if (await kind.AuthenticateAsync(token, audiences, cancellationToken) is { } identity)
                {
                    return identity;
                }
            }
            catch (TokenException error)
            {
                // Another kind may still know it.
                reasons.Add(error.Message);
            }
        }

        throw new TokenException(reasons.Count == 0 ? "invalid bearer token" : $"[invalid bearer token, {string.Join(", ", reasons)}]");
    }
}
