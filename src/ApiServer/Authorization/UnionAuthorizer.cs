using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Authorization;

/// <summary>Allowed is what any of the authorizers allows; when none does, the reasons of all are told.</summary>
internal sealed class UnionAuthorizer(IReadOnlyList<IAuthorizer> authorizers) : IAuthorizer
{
    public async ValueTask<Decision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancellationToken)
    {
        var reason = "";
        for (var i = 0; i < authorizers.Count; i++)
        {
            var decision = await authorizers[i].AuthorizeAsync(user, request, cancellationToken);
            if (decision.IsAllowed)
            {
                return decision;
            }

            reason = reason.Length == 0 || decision.Reason.Length == 0 ? reason + decision.Reason : $"{reason}\n{decision.Reason}";
        }

        return new Decision(false, reason);
    }
}
