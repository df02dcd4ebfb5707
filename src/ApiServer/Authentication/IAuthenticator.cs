namespace MiniKube.ApiServer.Authentication;

/// <summary>One way to tell who sends a request.</summary>
internal interface IAuthenticator
{
    /// <summary>Null when the request has no credentials of this kind; throws StatusException.Unauthorized when it has bad ones.</summary>
    ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken);
}
