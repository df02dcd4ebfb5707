using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Authorization;

/// <summary>Says whether a user may do what a request asks for.</summary>
internal interface IAuthorizer
{
    ValueTask<Decision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancellationToken);
}
