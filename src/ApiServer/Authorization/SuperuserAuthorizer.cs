using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Authorization;

/// <summary>The group system:masters may do everything, in every mode: so nobody can lock out the administrator by taking a binding away.</summary>
internal sealed class SuperuserAuthorizer : IAuthorizer
{
    public const string Group = "system:masters";

    public static bool Includes(UserInfo user)
    {
        for (var i = 0; i < user.Groups.Count; i++)
        {
            if (user.Groups[i] == Group)
            {
                return true;
            }
        }

        return false;
    }

    public ValueTask<Decision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Includes(user) ? Decision.Allowed : Decision.Denied);
}
