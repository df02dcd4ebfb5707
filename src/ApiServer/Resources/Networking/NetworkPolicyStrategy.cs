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
}
