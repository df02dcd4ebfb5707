using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

internal sealed class MutatingAdmissionPolicyStrategy : ResourceStrategy<V1MutatingAdmissionPolicy>
{
    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Count("Mutations", "spec.mutations"),
        Cell.Text("ParamKind", obj => ParamColumns.Kind(obj)),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => PolicyDefaults.Apply(obj.ObjectAt("spec"));
}
