using MiniKube.ApiServer.Authentication;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>What a set of bindings gives, found by user and by group without looking at the other bindings.</summary>
internal sealed class SubjectGrants
{
    private readonly Dictionary<string, List<Grant>> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Grant>> _groups = new(StringComparer.Ordinal);

    public static SubjectGrants None { get; } = new();

    public bool IsEmpty => _users.Count == 0 && _groups.Count == 0;

    public void Add(bool isGroup, string name, Grant grant)
    {
        var grants = isGroup ? _groups : _users;
        if (!grants.TryGetValue(name, out var list))
        {
            grants[name] = list = [];
        }

        list.Add(grant);
    }

    /// <summary>Visits what a user has, until the visitor returns false; returns whether it never did.</summary>
    public bool Visit<TState>(UserInfo user, TState state, Func<TState, Grant, bool> visit)
    {
        if (!Visit(_users, user.Name, state, visit))
        {
            return false;
        }

        for (var i = 0; i < user.Groups.Count; i++)
        {
            if (!Visit(_groups, user.Groups[i], state, visit))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Visit<TState>(Dictionary<string, List<Grant>> grants, string name, TState state, Func<TState, Grant, bool> visit)
    {
        if (grants.TryGetValue(name, out var found))
        {
            foreach (var grant in found)
            {
                if (!visit(state, grant))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
