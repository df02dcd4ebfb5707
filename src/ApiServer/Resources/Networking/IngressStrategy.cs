using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Networking;

internal sealed class IngressStrategy : ResourceStrategy<V1Ingress>
{
    public override IReadOnlyList<string> ShortNames => ["ing"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Class", "spec.ingressClassName", absent: Cell.None),
        Cell.Text("Hosts", Hosts),
        Cell.Text("Address", obj => LoadBalancerText.Of(obj)),
        Cell.Text("Ports", obj => obj.ObjectsAt("spec", "tls").Any() ? "80, 443" : "80"),
        TableColumn.Age,
    ];

    private static string Hosts(JsonObject obj)
    {
        var hosts = obj.ObjectsAt("spec", "rules").Select(rule => rule.StringAt("host")).Where(host => !string.IsNullOrEmpty(host)).Distinct().ToList();
        if (hosts.Count == 0)
        {
            return "*";
        }

        var shown = string.Join(',', hosts.Take(3));
        return hosts.Count > 3 ? $"{shown} + {hosts.Count - 3} more..." : shown;
    }
}
