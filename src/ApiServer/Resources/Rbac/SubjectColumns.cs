using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Rbac;

/// <summary>Whom a binding means, for -o wide.</summary>
internal static class SubjectColumns
{
    public static IEnumerable<TableColumn> All =>
    [
        Cell.Text("Users", obj => Names(obj, "User"), 1),
        Cell.Text("Groups", obj => Names(obj, "Group"), 1),
        Cell.Text("ServiceAccounts", obj => Names(obj, "ServiceAccount"), 1),
    ];

    private static string Names(JsonObject binding, string kind) => string.Join(", ",
        from subject in binding.ObjectsAt("subjects")
        where subject.StringAt("kind") == kind
        select kind == "ServiceAccount" ? $"{subject.StringAt("namespace")}/{subject.StringAt("name")}" : subject.StringAt("name"));
}
