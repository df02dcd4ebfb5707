using MiniKube.ApiServer.Authentication;

namespace MiniKube.ApiServer.Authorization.Nodes;

/// <summary>Kubelets: users <c>system:node:NAME</c> of the group <c>system:nodes</c>.</summary>
internal static class NodeIdentity
{
    public const string Group = "system:nodes";
    private const string Prefix = "system:node:";

    public static bool IsNode(UserInfo user, out string nodeName)
    {
        nodeName = "";
        if (!user.Name.StartsWith(Prefix, StringComparison.Ordinal) || !user.Groups.Contains(Group))
        {
            return false;
        }

        nodeName = user.Name[Prefix.Length..];
        return true;
    }
}
