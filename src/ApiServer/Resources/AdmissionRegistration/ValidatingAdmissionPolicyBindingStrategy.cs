using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

internal sealed class ValidatingAdmissionPolicyBindingStrategy : ResourceStrategy<V1ValidatingAdmissionPolicyBinding>
{
    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("PolicyName", "spec.policyName") with { Description = "PolicyName indicates the policy definition which the policy binding binded to" },
        Cell.Text("ParamRef", ParamColumns.Reference, description: "ParamRef indicates the param resource which sets the configration param"),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => PolicyDefaults.ApplyToMatch(obj.ObjectAt("spec", "matchResources"));

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, binding => AdmissionPolicyChecks.Binding(binding["spec"]));
}
