using MiniKube.Api.Errors;
using MiniKube.ApiServer.Authentication;

namespace MiniKube.ApiServer.Filters;

/// <summary>Whom a request wants to act as.</summary>
internal sealed record ImpersonationHeaders(string User, IReadOnlyList<string> Groups, string Uid, IReadOnlyDictionary<string, IReadOnlyList<string>> Extra)
{
    private const string Prefix = "Impersonate-";
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string ExtraPrefix = "Impersonate-Extra-";

    /// <summary>Null when the request wants nothing of that. Throws when it wants groups without a user.</summary>
    public static ImpersonationHeaders? Read(IHeaderDictionary headers)
    {
        var extra = headers
            .Where(header => header.Key.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(
                header => Uri.UnescapeDataString(header.Key[ExtraPrefix.Length..].ToLowerInvariant()),
                header => (IReadOnlyList<string>)[.. header.Value.Select(value => value ?? "")]);
        var wanted = new ImpersonationHeaders(
            headers[UserHeader].ToString(), [.. headers[GroupHeader].Select(value => value ?? "")], headers[UidHeader].ToString(), extra);
        if (wanted.User.Length > 0)
        {
            return wanted;
        }

        return wanted.Groups.Count + wanted.Uid.Length + wanted.Extra.Count == 0
            ? null
            : throw StatusException.InternalError("requested groups, a uid or extras without impersonating a user");
    }

    public static void Remove(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            headers.Remove(name);
        }
    }

    /// <summary>A service account without groups named is in its own; everybody is authenticated, unless it is the anonymous user or said otherwise.</summary>
    public UserInfo ToUser()
    {
        List<string> groups = Groups.Count == 0 && ServiceAccountName.TryParse(User, out var ns, out _) ? [.. ServiceAccountName.GroupsOf(ns)] : [.. Groups];
        var implied = User == UserInfo.Anonymous.Name ? UserInfo.UnauthenticatedGroup : UserInfo.AuthenticatedGroup;
        if (!groups.Contains(implied) && !groups.Contains(UserInfo.UnauthenticatedGroup))
        {
            groups.Add(implied);
        }

        return new UserInfo(User, groups, Uid, Extra);
    }
}
