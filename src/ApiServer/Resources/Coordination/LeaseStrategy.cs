using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Coordination;

internal sealed class LeaseStrategy : ResourceStrategy<V1Lease>
{
    public override bool AllowCreateOnUpdate => true;

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Holder", "spec.holderIdentity"),
        TableColumn.Age,
    ];

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, root => Spec(root["spec"]));

    private static void Spec(Field spec)
    {
        if (spec["leaseDurationSeconds"].Number <= 0)
        {
            spec["leaseDurationSeconds"].Invalid("must be greater than 0");
        }

        spec["leaseTransitions"].NotNegative();
        spec["strategy"].OptionalName(Names.QualifiedName);
        if (spec["preferredHolder"].Text.Length > 0 && spec["strategy"].Text.Length == 0)
        {
            spec["preferredHolder"].Forbidden("may only be specified when `strategy` is defined");
        }
    }
}
