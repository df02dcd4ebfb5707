using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>Upstream's defaults of a service. Addresses and IP families are chosen when it is written, not here.</summary>
internal static class ServiceDefaults
{
    private const int AffinitySeconds = 10_800;

    public static void Apply(JsonObject spec, JsonObject? status)
    {
        spec.SetDefault("type", "ClusterIP");
        spec.SetDefault("sessionAffinity", "None");
        if (spec.StringAt("sessionAffinity") == "None")
        {
            spec.Remove("sessionAffinityConfig");
        }
        else if (spec.StringAt("sessionAffinity") == "ClientIP")
        {
            spec.GetOrAddObject("sessionAffinityConfig").GetOrAddObject("clientIP").SetDefault("timeoutSeconds", AffinitySeconds);
        }

        foreach (var port in spec.ObjectsAt("ports"))
        {
            port.SetDefault("protocol", "TCP");
            if (IsEmptyTarget(port["targetPort"]))
            {
                port["targetPort"] = port["port"]?.DeepClone();
            }
        }

        ApplyByType(spec);
        if (spec.StringAt("type") == "LoadBalancer")
        {
            foreach (var ingress in status.ObjectsAt("loadBalancer", "ingress").Where(ingress => ingress.StringAt("ip") is { Length: > 0 }))
            {
                ingress.SetDefault("ipMode", "VIP");
            }
        }
    }

    private static void ApplyByType(JsonObject spec)
    {
        var type = spec.StringAt("type");
        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            spec.SetDefault("internalTrafficPolicy", "Cluster");
        }

        if (type is "NodePort" or "LoadBalancer" || (type == "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 }))
        {
            spec.SetDefault("externalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            spec.SetDefault("allocateLoadBalancerNodePorts", true);
        }
    }

    private static bool IsEmptyTarget(JsonNode? target) => FieldPath.Text(target) is "" or "0";
}
