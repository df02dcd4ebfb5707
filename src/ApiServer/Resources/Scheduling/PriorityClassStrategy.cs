using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Scheduling;

internal sealed class PriorityClassStrategy : ResourceStrategy<V1PriorityClass>
{
    public override IReadOnlyList<string> ShortNames => ["pc"];

    public override bool NamespaceScoped => false;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Value", "value"),
        Cell.Boolean("Global-Default", "globalDefault"),
        TableColumn.Age,
        Cell.Text("PreemptionPolicy", "preemptionPolicy"),
    ];

    public override void ApplyDefaults(JsonObject obj) => obj.SetDefault("preemptionPolicy", "PreemptLowerPriority");
}
