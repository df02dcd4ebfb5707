using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Networking;

internal sealed class NetworkPolicyStrategy : ResourceStrategy<V1NetworkPolicy>
{
    public override IReadOnlyList<string> ShortNames => ["netpol"];

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Selector("Pod-Selector", "spec.podSelector", priority: 0),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.ObjectAt("spec") is not { } spec)
        {
            return;
        }

        foreach (var port in spec.ObjectsAt("ingress").Concat(spec.ObjectsAt("egress")).SelectMany(rule => rule.ObjectsAt("ports")))
        {
            port.SetDefault("protocol", "TCP");
        }

        if (spec["policyTypes"] is not JsonArray { Count: > 0 })
        {
            spec["policyTypes"] = spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, policy => NetworkPolicyChecks.Spec(policy["spec"]));

    public override IEnumerable<string> Warnings(JsonObject obj) =>
        Blocks(obj, "ingress", "from").Concat(Blocks(obj, "egress", "to")).SelectMany(block => AddressWarnings.Range($"{block.Path}.cidr", block.Block.StringAt("cidr"))
            .Concat(AddressWarnings.Ranges($"{block.Path}.except", block.Block["except"])));

    private static IEnumerable<(string Path, JsonObject Block)> Blocks(JsonObject policy, string direction, string peers) =>
        policy.ObjectsAt("spec", direction).SelectMany((rule, i) => rule.ObjectsAt(peers).SelectMany((peer, j) =>
            peer.ObjectAt("ipBlock") is { } block ? new[] { ($"spec.{direction}[{i}].{peers}[{j}].ipBlock", block) } : []));
}
