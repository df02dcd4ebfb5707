using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Authorization;

/// <summary>
/// <c>--authorization-mode=AlwaysAllow</c>: whoever is authenticated may do everything. Anonymous users see what upstream shows everybody
/// (its role system:public-info-viewer): health and version.
/// </summary>
internal sealed class AlwaysAllowAuthorizer : IAuthorizer
{
    public ValueTask<Decision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(!user.IsAnonymous || IsPublic(request) ? Decision.Allowed : Decision.Denied);

    private static bool IsPublic(RequestInfo request) =>
        !request.IsResourceRequest
        && request.Verb is "get" or "head"
        && request.Path.TrimEnd('/') is var path
        && (path is "/healthz" or "/livez" or "/readyz" or "/version" || path.StartsWith("/livez/", StringComparison.Ordinal)
            || path.StartsWith("/readyz/", StringComparison.Ordinal) || path.StartsWith("/healthz/", StringComparison.Ordinal));
}
