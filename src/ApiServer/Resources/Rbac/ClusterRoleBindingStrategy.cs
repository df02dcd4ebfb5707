using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Rbac;

internal sealed class ClusterRoleBindingStrategy : ResourceStrategy<V1ClusterRoleBinding>
{
    public override bool NamespaceScoped => false;

    public override bool AllowCreateOnUpdate => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Role", obj => $"{obj.StringAt("roleRef", "kind")}/{obj.StringAt("roleRef", "name")}") with { DescribedBy = "roleRef" },
        TableColumn.Age,
        .. SubjectColumns.Of("clusterRoleBinding"),
    ];

    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);

    public override void ApplyDefaults(JsonObject obj) => SubjectDefaults.Apply(obj);

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, binding => PolicyRuleChecks.Binding(binding, isNamespaced: false));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Validate(obj).Concat(JsonNode.DeepEquals(obj["roleRef"], old["roleRef"]) ? [] : [FieldError.Invalid("roleRef", obj["roleRef"], "cannot change roleRef")]);
}
