using MiniKube.Api.Errors;
using MiniKube.ApiServer.Authentication;

namespace MiniKube.ApiServer.Filters;

/// <summary>Asks each authenticator in turn; without credentials the user is anonymous, where that is allowed.</summary>
internal sealed class AuthenticationFilter(IReadOnlyList<IAuthenticator> authenticators, bool allowAnonymous) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = ApiRequest.Of(context);
        request.User = await FindAsync(context, request.Cancellation) ?? (allowAnonymous ? UserInfo.Anonymous : throw StatusException.Unauthorized());
        await next(context);
    }

    /// <summary>Bad credentials of one kind do not spoil good ones of another; but who shows only bad ones is nobody, not anonymous.</summary>
    private async ValueTask<UserInfo?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        StatusException? refusal = null;
        foreach (var authenticator in authenticators)
        {
            try
            {
                if (await authenticator.AuthenticateAsync(context, cancellationToken) is { } user)
                {
                    return user;
                }
            }
            catch (StatusException error) when (error.Code == StatusCodes.Status401Unauthorized)
            {
                refusal = error;
            }
        }

        return refusal is null ? null : throw refusal;
    }
}
