using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Networking;

internal sealed class ServiceCIDRStrategy : ResourceStrategy<V1ServiceCIDR>
{
    public override bool NamespaceScoped => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("CIDRs", obj => string.Join(',', (obj.At("spec", "cidrs") as JsonArray ?? []).Select(FieldPath.Text))) with { DescribedBy = "spec.cidrs" },
        TableColumn.Age,
    ];
}
