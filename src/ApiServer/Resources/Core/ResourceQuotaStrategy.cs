using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class ResourceQuotaStrategy : ResourceStrategy<V1ResourceQuota>
{
    public override IReadOnlyList<string> ShortNames => ["quota"];

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Request", obj => Shown(obj, isLimit: false)),
        Cell.Text("Limit", obj => Shown(obj, isLimit: true)),
        TableColumn.Age,
    ];

    private static string Shown(JsonObject obj, bool isLimit) => string.Join(", ",
        from hard in obj.ObjectAt("status", "hard") ?? []
        where hard.Key.StartsWith("limits", StringComparison.Ordinal) == isLimit
        orderby hard.Key
        select $"{hard.Key}: {FieldPath.Text(obj.At("status", "used", hard.Key))}/{FieldPath.Text(hard.Value)}");
}
