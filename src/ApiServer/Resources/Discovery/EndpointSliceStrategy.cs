using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Discovery;

internal sealed class EndpointSliceStrategy : ResourceStrategy<V1EndpointSlice>
{
    public override bool HasGeneration => true;

    // Labels count, too: they say to which service the slice belongs.
    public override bool ChangesGeneration(JsonObject obj, JsonObject old) =>
        !JsonNode.DeepEquals(obj["endpoints"], old["endpoints"])
        || !JsonNode.DeepEquals(obj["ports"], old["ports"])
        || !JsonNode.DeepEquals(obj.At("metadata", "labels"), old.At("metadata", "labels"));

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("AddressType", "addressType"),
        Cell.Text("Ports", Ports) with { DescribedBy = "ports" },
        Cell.Text("Endpoints", EndpointsText) with { DescribedBy = "endpoints" },
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        foreach (var port in obj.ObjectsAt("ports"))
        {
            port.SetDefault("name", "");
            port.SetDefault("protocol", "TCP");
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, EndpointSliceChecks.Validate);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, EndpointSliceChecks.Validate, slice => slice["addressType"].Unchanged(old["addressType"]));

    // Nothing is said to the controllers, whose addresses are good.
    public override IEnumerable<string> Warnings(JsonObject obj) => obj.StringAt("addressType") == "FQDN"
        ? ["spec.addressType: FQDN endpoints are deprecated"]
        : obj.StringAt("metadata", "labels", "endpointslice.kubernetes.io/managed-by") is "endpointslice-controller.k8s.io" or "endpointslicemirroring-controller.k8s.io" ? [] : obj.ObjectsAt("endpoints").SelectMany((endpoint, i) => AddressWarnings.Addresses($"endpoints[{i}].addresses", endpoint["addresses"]));

    private static string Ports(JsonObject obj) => Cell.FirstOf([.. obj.ObjectsAt("ports").Select(Port)], Cell.Unset);

    private static string Port(JsonObject port) => port.IntegerAt("port") is { } number ? $"{number}" : port.StringAt("name") ?? "*";

    private static string EndpointsText(JsonObject obj) => Cell.FirstOf(
        [.. obj.ObjectsAt("endpoints").SelectMany(endpoint => (endpoint["addresses"] as JsonArray ?? []).Select(FieldPath.Text))], Cell.Unset);
}
