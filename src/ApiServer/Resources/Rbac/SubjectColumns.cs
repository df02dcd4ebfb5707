using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Rbac;

/// <summary>Whom a binding means, for -o wide.</summary>
internal static class SubjectColumns
{
    /// <param name="binding">What descriptions call the kind.</param>
    public static IEnumerable<TableColumn> Of(string binding) =>
    [
        Cell.Text("Users", obj => Names(obj, "User"), 1, $"Users in the {binding}"),
        Cell.Text("Groups", obj => Names(obj, "Group"), 1, $"Groups in the {binding}"),
        Cell.Text("ServiceAccounts", obj => Names(obj, "ServiceAccount"), 1, $"ServiceAccounts in the {binding}"),
    ];

    private static string Names(JsonObject binding, string kind) => string.Join(", ",
        from subject in binding.ObjectsAt("subjects")
        where subject.StringAt("kind") == kind
        select kind == "ServiceAccount" ? $"{subject.StringAt("namespace")}/{subject.StringAt("name")}" : subject.StringAt("name"));
}
