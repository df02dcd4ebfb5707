namespace MiniKube.ApiServer.Authentication;

/// <summary>Knows one kind of bearer tokens.</summary>
internal interface ITokenAuthenticator
{
    /// <summary>Null when the token is of another kind; throws <see cref="TokenException"/> when it is of this one and not good.</summary>
    /// <param name="token">As it was sent.</param>
    /// <param name="audiences">At least one of these must be meant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<TokenIdentity?> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken);
}
