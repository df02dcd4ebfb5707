namespace MiniKube.ApiServer.Authentication;

/// <summary>Who sends a request.</summary>
/// <param name="Name">Such as <c>system:node:node1</c> or <c>system:serviceaccount:default:default</c>.</param>
/// <param name="Groups">Always with <c>system:authenticated</c> or <c>system:unauthenticated</c>.</param>
/// <param name="Uid">Empty when the method of authentication knows none.</param>
/// <param name="Extra">More about the user, as TokenReview and SelfSubjectReview show it.</param>
internal sealed record UserInfo(string Name, IReadOnlyList<string> Groups, string Uid, IReadOnlyDictionary<string, IReadOnlyList<string>> Extra)
{
    public const string AuthenticatedGroup = "system:authenticated";

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoExtra = new Dictionary<string, IReadOnlyList<string>>();

    public UserInfo(string name, IReadOnlyList<string> groups)
        : this(name, groups, "", NoExtra)
    {
    }

    public static UserInfo Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);

    public bool IsAnonymous => Name == Anonymous.Name;
}
