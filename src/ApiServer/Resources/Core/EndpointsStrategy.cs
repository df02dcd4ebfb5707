using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class EndpointsStrategy : ResourceStrategy<V1Endpoints>
{
    private static readonly string[] Lists = ["addresses", "notReadyAddresses"];

    public override IReadOnlyList<string> ShortNames => ["ep"];

    public override bool AllowCreateOnUpdate => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Endpoints", EndpointsText) with { DescribedBy = "subsets" },
        TableColumn.Age,
    ];

    public override string? Deprecation => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

    public override void ApplyDefaults(JsonObject obj)
    {
        foreach (var port in obj.ObjectsAt("subsets").SelectMany(subset => subset.ObjectsAt("ports")))
        {
            port.SetDefault("protocol", "TCP");
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        obj.ObjectsAt("subsets").SelectMany((subset, i) => EndpointChecks.Subset($"subsets[{i}]", subset, EndpointChecks.AreOfApiServers(obj)));

    // Nothing is said to the controller, whose addresses are good.
    public override IEnumerable<string> Warnings(JsonObject obj) => obj.StringAt("metadata", "labels", "endpoints.kubernetes.io/managed-by") == "endpoint-controller"
        ? []
        : from subset in obj.ObjectsAt("subsets").Index()
          from list in Lists
          from address in subset.Item.ObjectsAt(list).Index()
          from warning in AddressWarnings.Address($"subsets[{subset.Index}].{list}[{address.Index}].ip", address.Item.StringAt("ip"))
          select warning;

    private static string EndpointsText(JsonObject obj)
    {
        var subsets = obj.ObjectsAt("subsets").ToList();
        return subsets.Count == 0 ? Cell.None : Cell.FirstOf([.. subsets.SelectMany(OfSubset)], none: "");
    }

    private static IEnumerable<string> OfSubset(JsonObject subset)
    {
        var addresses = subset.ObjectsAt("addresses").Select(address => address.StringAt("ip") ?? "").ToList();
        var ports = subset.ObjectsAt("ports").Select(port => port.IntegerAt("port") ?? 0).ToList();
        return ports.Count == 0
            ? addresses
            : ports.SelectMany(port => addresses.Select(ip => ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]:{port}" : $"{ip}:{port}"));
    }
}
