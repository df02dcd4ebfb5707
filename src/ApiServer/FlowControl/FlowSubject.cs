using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;

namespace MiniKube.ApiServer.FlowControl;

/// <summary>Whose requests a FlowSchema is for. A name of <c>*</c> is everybody of the kind.</summary>
/// <param name="Kind">User, Group or ServiceAccount.</param>
/// <param name="Name">The name of that.</param>
/// <param name="Namespace">Of a service account.</param>
internal sealed record FlowSubject(string Kind, string Name, string Namespace)
{
    private const string Any = "*";

    public static FlowSubject Of(JsonObject subject)
    {
        var kind = subject.StringAt("kind") ?? "";
        var named = kind switch
        {
            "User" => "user",
            "Group" => "group",
            _ => "serviceAccount",
        };
        return new FlowSubject(kind, subject.StringAt(named, "name") ?? "", subject.StringAt(named, "namespace") ?? "");
    }

    public bool Matches(UserInfo user) => Kind switch
    {
        "User" => Name == Any || Name == user.Name,
        "Group" => Name == Any || user.Groups.Contains(Name),
        "ServiceAccount" => ServiceAccountName.TryParse(user.Name, out var ns, out var name) && ns == Namespace && (Name == Any || Name == name),
        _ => false,
    };
}
