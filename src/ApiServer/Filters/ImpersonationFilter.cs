using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authorization;

namespace MiniKube.ApiServer.Filters;

/// <summary>
/// Acting as somebody else (<c>kubectl --as</c>): whoever may <c>impersonate</c> that user, each of those groups, that uid and each of those extras goes on
/// as them. The headers are taken out, so that nobody behind this server sees them.
/// </summary>
internal sealed class ImpersonationFilter(IAuthorizer authorizer) : IFilter
{
    private const string AuthenticationGroup = "authentication.k8s.io";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (ImpersonationHeaders.Read(context.Request.Headers) is { } wanted)
        {
            var request = ApiRequest.Of(context);
            foreach (var question in Questions(wanted))
            {
                var decision = await authorizer.AuthorizeAsync(request.User, question, request.Cancellation);
                if (!decision.IsAllowed)
                {
                    throw AuthorizationFilter.Forbidden(request.User, question, decision.Reason);
                }
            }

            (request.Impersonator, request.User) = (request.User, wanted.ToUser());
            ImpersonationHeaders.Remove(context.Request.Headers);
        }

        await next(context);
    }

    private static IEnumerable<RequestInfo> Questions(ImpersonationHeaders wanted)
    {
        yield return ServiceAccountName.TryParse(wanted.User, out var ns, out var name)
            ? Question("", "serviceaccounts", name) with { Namespace = ns }
            : Question("", "users", wanted.User);
        foreach (var group in wanted.Groups)
        {
            yield return Question("", "groups", group);
        }

        foreach (var (key, values) in wanted.Extra)
        {
            foreach (var value in values)
            {
                yield return Question(AuthenticationGroup, "userextras", value) with { Subresource = key };
            }
        }

        if (wanted.Uid.Length > 0)
        {
            yield return Question(AuthenticationGroup, "uids", wanted.Uid);
        }
    }

    private static RequestInfo Question(string group, string resource, string name) => new()
    {
        Path = "",
        Verb = "impersonate",
        IsResourceRequest = true,
        Group = group,
        Version = "v1",
        Resource = resource,
        Name = name,
    };
}
