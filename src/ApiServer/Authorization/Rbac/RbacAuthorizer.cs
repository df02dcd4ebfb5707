using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary><c>--authorization-mode=RBAC</c>: allowed is what a rule of a role that is bound to the user or to one of its groups allows.</summary>
internal sealed class RbacAuthorizer(RbacPolicySource source) : IAuthorizer
{
    public ValueTask<Decision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancellationToken)
    {
        var search = new Search(request);
        source.Current.Visit(user, request.Namespace, search, static (search, grant) => search.Look(grant));
        return ValueTask.FromResult(search.Found is { } grant ? new Decision(true, grant.Origin) : new Decision(false, search.Reason));
    }

    private sealed class Search(RequestInfo request)
    {
        private List<string>? _errors;

        public Grant? Found { get; private set; }

        public string Reason => _errors switch
        {
            null => "",
            [var only] => $"RBAC: {only}",
            _ => $"RBAC: [{string.Join(", ", _errors.Distinct(StringComparer.Ordinal))}]",
        };

        /// <summary>Whether to look on.</summary>
        public bool Look(Grant grant)
        {
            if (grant.Error.Length > 0)
            {
                (_errors ??= []).Add(grant.Error);
                return true;
            }

            for (var i = 0; i < grant.Rules.Count; i++)
            {
                if (grant.Rules[i].Allows(request))
                {
                    Found = grant;
                    return false;
                }
            }

            return true;
        }
    }
}
