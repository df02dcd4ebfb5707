using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Networking;

internal sealed class IngressStrategy : ResourceStrategy<V1Ingress>
{
    public override IReadOnlyList<string> ShortNames => ["ing"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Class", "spec.ingressClassName", absent: Cell.None) with
        {
            Description = "The name of the IngressClass resource that should be used for additional configuration",
        },
        Cell.Text("Hosts", Hosts, description: "Hosts that incoming requests are matched against before the ingress rule"),
        Cell.Text("Address", LoadBalancerText.Of, description: "Address is a list containing ingress points for the load-balancer"),
        Cell.Text("Ports", obj => obj.ObjectsAt("spec", "tls").Any() ? "80, 443" : "80", description: "Ports of TLS configurations that open"),
        TableColumn.Age,
    ];

    // Rules without a host are counted among those that are not shown, as upstream does.

    public override IEnumerable<string> Warnings(JsonObject obj) => IngressChecks.Warnings(obj);

    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Field.FaultsOf(obj, ingress => IngressChecks.Spec(ingress["spec"]), IngressChecks.Class);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, ingress => IngressChecks.Spec(ingress["spec"]));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, IngressChecks.Status);

    private static string Hosts(JsonObject obj)
    {
        const int Shown = 3;
        var rules = obj.ObjectsAt("spec", "rules").Select(rule => rule.StringAt("host") ?? "").ToList();
        var hosts = rules.Index().Where(rule => rule.Item.Length > 0).Take(Shown).ToList();
        if (hosts.Count == 0)
        {
            return "*";
        }

        var text = string.Join(',', hosts.Select(rule => rule.Item));
        return hosts.Count == Shown && hosts[^1].Index < rules.Count - 1 ? $"{text} + {rules.Count - Shown} more..." : text;
    }
}
