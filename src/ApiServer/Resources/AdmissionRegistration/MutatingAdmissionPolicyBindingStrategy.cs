using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

internal sealed class MutatingAdmissionPolicyBindingStrategy : ResourceStrategy<V1MutatingAdmissionPolicyBinding>
{
    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("PolicyName", "spec.policyName"),
        Cell.Text("ParamRef", obj => ParamColumns.Reference(obj)),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => PolicyDefaults.ApplyToMatch(obj.ObjectAt("spec", "matchResources"));
}
