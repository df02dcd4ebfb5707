using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Rbac;

internal sealed class RoleBindingStrategy : ResourceStrategy<V1RoleBinding>
{
    public override bool AllowCreateOnUpdate => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Role", obj => $"{obj.StringAt("roleRef", "kind")}/{obj.StringAt("roleRef", "name")}") with { DescribedBy = "roleRef" },
        TableColumn.Age,
        .. SubjectColumns.Of("roleBinding"),
    ];

    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);

    public override void ApplyDefaults(JsonObject obj) => SubjectDefaults.Apply(obj);
}
