using MiniKube.Api.Errors;
using MiniKube.ApiServer.Authentication;

namespace MiniKube.ApiServer.Filters;

/// <summary>Asks each authenticator in turn; without credentials the user is anonymous, where that is allowed.</summary>
internal sealed class AuthenticationFilter(IReadOnlyList<IAuthenticator> authenticators, bool allowAnonymous) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = ApiRequest.Of(context);
        UserInfo? user = null;
        foreach (var authenticator in authenticators)
        {
            user = await authenticator.AuthenticateAsync(context, request.Cancellation);
            if (user is not null)
            {
                break;
            }
        }

        request.User = user ?? (allowAnonymous ? UserInfo.Anonymous : throw StatusException.Unauthorized());
        await next(context);
    }
}
