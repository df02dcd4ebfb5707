using MiniKube.Api.Errors;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authorization;

namespace MiniKube.ApiServer.Filters;

/// <summary>Lets pass what the user may do; else 403 in upstream's words.</summary>
/// <param name="authorizer">Who decides.</param>
/// <param name="policyReady">Completes when the roles are there that every cluster has: nobody is refused for want of them while the server starts.</param>
internal sealed class AuthorizationFilter(IAuthorizer authorizer, Task policyReady) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = ApiRequest.Of(context);
        var decision = await authorizer.AuthorizeAsync(request.User, request.Info, request.Cancellation);
        if (!decision.IsAllowed && !policyReady.IsCompleted && !request.User.IsAnonymous)
        {
            // Anonymous is whoever asks for health: that must be answered at once.
            await policyReady.WaitAsync(request.Cancellation);
            decision = await authorizer.AuthorizeAsync(request.User, request.Info, request.Cancellation);
        }

        if (!decision.IsAllowed)
        {
            throw Forbidden(request.User, request.Info, decision.Reason);
        }

        await next(context);
    }

    /// <summary>The refusal in upstream's words.</summary>
    public static StatusException Forbidden(UserInfo who, RequestInfo info, string reason)
    {
        var user = GoText.Quote(who.Name);
        var because = reason.Length == 0 ? "" : $": {reason}";
        if (!info.IsResourceRequest)
        {
            return StatusException.Forbidden(new("", "", ""), "", $"User {user} cannot {info.Verb} path {GoText.Quote(info.Path)}{because}");
        }

        var resource = info.Subresource.Length == 0 ? info.Resource : $"{info.Resource}/{info.Subresource}";
        var scope = info.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace {GoText.Quote(info.Namespace)}";
        return StatusException.Forbidden(
            info.GroupVersionResource,
            info.ObjectName,
            $"User {user} cannot {info.Verb} resource {GoText.Quote(resource)} in API group {GoText.Quote(info.Group)} {scope}{because}");
    }
}
