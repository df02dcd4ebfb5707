using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>What an update of a service keeps of the old one, and what it drops (upstream's patchAllocatedValues and dropTypeDependentFields).</summary>
internal static class ServiceUpdates
{
    public static void Prepare(JsonObject spec, JsonObject old)
    {
        KeepAllocated(spec, old);
        DropByType(spec, old);
    }

    // Clients apply what they wrote, without what the server chose.
    private static void KeepAllocated(JsonObject spec, JsonObject old)
    {
        if (NeedsClusterAddress(spec) && NeedsClusterAddress(old))
        {
            if (string.IsNullOrEmpty(spec.StringAt("clusterIP")) && spec["clusterIPs"] is not JsonArray { Count: > 0 })
            {
                Copy(spec, old, "clusterIP");
                Copy(spec, old, "clusterIPs");
            }
            else if (spec["clusterIPs"] is not JsonArray { Count: > 0 } && spec.StringAt("clusterIP") == old.StringAt("clusterIP"))
            {
                Copy(spec, old, "clusterIPs");
            }

            foreach (var name in new[] { "ipFamilies", "ipFamilyPolicy" })
            {
                if (spec[name] is null)
                {
                    Copy(spec, old, name);
                }
            }
        }

        if (NeedsNodePort(spec) && NeedsNodePort(old))
        {
            KeepNodePorts(spec, old);
        }

        if (NeedsHealthCheckPort(spec) && NeedsHealthCheckPort(old) && spec.IntegerAt("healthCheckNodePort") is null or 0)
        {
            Copy(spec, old, "healthCheckNodePort");
        }
    }

    private static void KeepNodePorts(JsonObject spec, JsonObject old)
    {
        var known = old.ObjectsAt("ports")
            .Where(port => port.IntegerAt("nodePort") is > 0)
            .DistinctBy(Identity)
            .ToDictionary(Identity, port => port.IntegerAt("nodePort") ?? 0);
        var used = spec.ObjectsAt("ports").Select(port => port.IntegerAt("nodePort") ?? 0).ToHashSet();
        foreach (var port in spec.ObjectsAt("ports"))
        {
            if (port.IntegerAt("nodePort") is null or 0 && known.TryGetValue(Identity(port), out var number) && !used.Contains(number))
            {
                port["nodePort"] = number;
            }
        }
    }

    private static (string? Protocol, long? Port) Identity(JsonObject port) => (port.StringAt("protocol"), port.IntegerAt("port"));

    private static void DropByType(JsonObject spec, JsonObject old)
    {
        if (NeedsClusterAddress(old) && !NeedsClusterAddress(spec) && SameText(spec, old, "clusterIP"))
        {
            foreach (var name in new[] { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy" })
            {
                spec.Remove(name);
            }
        }

        if (NeedsNodePort(old) && !NeedsNodePort(spec))
        {
            var before = old.ObjectsAt("ports").Select(port => port.IntegerAt("nodePort") ?? 0).ToHashSet();
            foreach (var port in spec.ObjectsAt("ports").Where(port => before.Contains(port.IntegerAt("nodePort") ?? 0)))
            {
                port.Remove("nodePort");
            }
        }

        DropUnless(NeedsHealthCheckPort, "healthCheckNodePort");
        DropUnless(fields => fields.StringAt("type") == "LoadBalancer", "allocateLoadBalancerNodePorts");
        DropUnless(fields => fields.StringAt("type") == "LoadBalancer", "loadBalancerClass");
        DropUnless(IsReachableFromOutside, "externalTrafficPolicy");

        void DropUnless(Func<JsonObject, bool> has, string name)
        {
            if (has(old) && !has(spec) && SameText(spec, old, name))
            {
                spec.Remove(name);
            }
        }
    }

    public static bool NeedsClusterAddress(JsonObject spec) => spec.StringAt("type") is "ClusterIP" or "NodePort" or "LoadBalancer";

    public static bool NeedsNodePort(JsonObject spec) => spec.StringAt("type") == "NodePort"
        || (spec.StringAt("type") == "LoadBalancer" && spec.BooleanAt("allocateLoadBalancerNodePorts") != false);

    public static bool NeedsHealthCheckPort(JsonObject spec) =>
        spec.StringAt("type") == "LoadBalancer" && spec.StringAt("externalTrafficPolicy") == "Local";

    private static bool IsReachableFromOutside(JsonObject spec) =>
        spec.StringAt("type") is "NodePort" or "LoadBalancer" || spec["externalIPs"] is JsonArray { Count: > 0 };

    private static bool SameText(JsonObject spec, JsonObject old, string name) => FieldPath.Text(spec[name]) == FieldPath.Text(old[name]);

    private static void Copy(JsonObject spec, JsonObject old, string name)
    {
        if (old[name] is { } value)
        {
            spec[name] = value.DeepClone();
        }
    }
}
