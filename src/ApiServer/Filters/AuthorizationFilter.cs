using MiniKube.Api.Errors;
using MiniKube.ApiServer.Authorization;

namespace MiniKube.ApiServer.Filters;

/// <summary>Lets pass what the user may do; else 403 in upstream's words.</summary>
internal sealed class AuthorizationFilter(IAuthorizer authorizer) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = ApiRequest.Of(context);
        var decision = await authorizer.AuthorizeAsync(request.User, request.Info, request.Cancellation);
        if (!decision.IsAllowed)
        {
            throw Forbidden(request, decision.Reason);
        }

        await next(context);
    }

    private static StatusException Forbidden(ApiRequest request, string reason)
    {
        var info = request.Info;
        var user = GoText.Quote(request.User.Name);
        var because = reason.Length == 0 ? "" : $": {reason}";
        if (!info.IsResourceRequest)
        {
            return StatusException.Forbidden(default, "", $"User {user} cannot {info.Verb} path {GoText.Quote(info.Path)}{because}");
        }

        var resource = info.Subresource.Length == 0 ? info.Resource : $"{info.Resource}/{info.Subresource}";
        var scope = info.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace {GoText.Quote(info.Namespace)}";
        return StatusException.Forbidden(
            info.GroupVersionResource,
            info.ObjectName,
            $"User {user} cannot {info.Verb} resource {GoText.Quote(resource)} in API group {GoText.Quote(info.Group)} {scope}{because}");
    }
}
