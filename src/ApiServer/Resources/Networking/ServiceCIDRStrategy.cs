using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

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

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, cidr => ServiceNetworkChecks.Ranges(cidr["spec"]["cidrs"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, cidr => ServiceNetworkChecks.RangesChanged(cidr["spec"]["cidrs"], old.At("spec", "cidrs")));
}
