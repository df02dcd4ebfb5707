using System.Net;
using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>What every cluster has: its namespaces and the <c>kubernetes</c> Service at the first address of the range.</summary>
internal sealed class BootstrapObjects(SystemWriter writer, IPAddress serviceAddress, int securePort)
{
    private const int ServicePort = 443;
    private static readonly string[] Namespaces = ["kube-system", "kube-public", "kube-node-lease", "default"];

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var name in Namespaces)
        {
            var ns = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
            await writer.EnsureAsync("", "namespaces", "", ns, cancellationToken);
        }

        await writer.EnsureAsync("", "services", "default", Service(), cancellationToken);
    }

    private JsonObject Service() => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = "kubernetes",
            ["namespace"] = "default",
            ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" },
        },
        ["spec"] = new JsonObject
        {
            ["clusterIP"] = serviceAddress.ToString(),
            ["clusterIPs"] = new JsonArray(serviceAddress.ToString()),
            ["type"] = "ClusterIP",
            ["sessionAffinity"] = "None",
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = "https",
                ["port"] = ServicePort,
                ["protocol"] = "TCP",
                ["targetPort"] = securePort,
            }),
        },
    };
}
