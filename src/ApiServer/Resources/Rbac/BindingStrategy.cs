using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Rbac;

/// <summary>What binds a role to subjects, in a namespace or everywhere.</summary>
internal abstract class BindingStrategy<T>(string describedAs, bool isNamespaced) : ResourceStrategy<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override bool NamespaceScoped => isNamespaced;

    public override bool AllowCreateOnUpdate => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Role", obj => $"{obj.StringAt("roleRef", "kind")}/{obj.StringAt("roleRef", "name")}") with { DescribedBy = "roleRef" },
        TableColumn.Age,
        .. SubjectColumns.Of(describedAs),
    ];

    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);

    public override void ApplyDefaults(JsonObject obj) => SubjectDefaults.Apply(obj);

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, binding => PolicyRuleChecks.Binding(binding, isNamespaced));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Validate(obj).Concat(JsonNode.DeepEquals(obj["roleRef"], old["roleRef"]) ? [] : [FieldError.Invalid("roleRef", obj["roleRef"], "cannot change roleRef")]);
}
