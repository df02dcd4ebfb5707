using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.FlowControl;

internal sealed class PriorityLevelConfigurationStrategy : ResourceStrategy<V1PriorityLevelConfiguration>
{
    public override bool NamespaceScoped => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Type", "spec.type"),
        Cell.NumberOr("NominalConcurrencyShares", "spec.limited.nominalConcurrencyShares", Cell.None),
        Cell.NumberOr("Queues", "spec.limited.limitResponse.queuing.queues", Cell.None),
        Cell.NumberOr("HandSize", "spec.limited.limitResponse.queuing.handSize", Cell.None),
        Cell.NumberOr("QueueLengthLimit", "spec.limited.limitResponse.queuing.queueLengthLimit", Cell.None),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        obj.ObjectAt("spec", "exempt")?.SetDefault("nominalConcurrencyShares", 0);
        obj.ObjectAt("spec", "exempt")?.SetDefault("lendablePercent", 0);
        if (obj.ObjectAt("spec", "limited") is not { } limited)
        {
            return;
        }

        limited.SetDefault("nominalConcurrencyShares", 30);
        limited.SetDefault("lendablePercent", 0);
        if (limited.ObjectAt("limitResponse", "queuing") is { } queuing)
        {
            queuing.SetDefault("handSize", 8);
            queuing.SetDefault("queues", 64);
            queuing.SetDefault("queueLengthLimit", 50);
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Field.FaultsOf(obj, FlowControlChecks.Level, level => FlowControlChecks.Conditions(level["status"]["conditions"]));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, level => FlowControlChecks.Conditions(level["status"]["conditions"]));
}
