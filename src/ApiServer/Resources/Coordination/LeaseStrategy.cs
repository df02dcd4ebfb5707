using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

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

    public override IEnumerable<FieldError> Validate(JsonObject obj)
    {
        if (obj.IntegerAt("spec", "leaseDurationSeconds") is { } duration and <= 0)
        {
            yield return FieldError.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
        }

        if (obj.IntegerAt("spec", "leaseTransitions") is { } transitions and < 0)
        {
            yield return FieldError.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
        }
    }
}
