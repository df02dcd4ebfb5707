using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

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
}
