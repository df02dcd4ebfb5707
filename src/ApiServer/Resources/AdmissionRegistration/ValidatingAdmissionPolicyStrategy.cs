using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

internal sealed class ValidatingAdmissionPolicyStrategy : ResourceStrategy<V1ValidatingAdmissionPolicy>
{
    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Count("Validations", "spec.validations") with { Description = "Validations indicates the number of validation rules defined in this configuration" },
        Cell.Text("ParamKind", ParamColumns.Kind, description: "ParamKind specifies the kind of resources used to parameterize this policy"),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => PolicyDefaults.Apply(obj.ObjectAt("spec"));

    public override IEnumerable<string> Warnings(JsonObject obj) => ["this server stores admission policies and does not evaluate them"];

    // Expressions are not compiled, so there is nothing to warn of.
    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Field.FaultsOf(obj, policy => AdmissionPolicyChecks.Spec(policy["spec"], policy["metadata"]["name"].Text));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, policy => ConditionChecks.Validate(policy["status"]["conditions"]));
}
