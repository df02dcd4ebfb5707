using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What is allowed in a service but has no effect there, or will have none (upstream's api/service warnings).</summary>
internal static class ServiceWarnings
{
    private const string Hints = "service.kubernetes.io/topology-aware-hints";
    private const string Mode = "service.kubernetes.io/topology-mode";

    public static IEnumerable<string> Of(JsonObject service)
    {
        var spec = service.ObjectAt("spec") ?? [];
        var type = spec.StringAt("type");
        if (service.At("metadata", "annotations", Hints) is not null)
        {
            yield return $"annotation {Hints} is deprecated, please use {Mode} instead";
        }

        foreach (var warning in AddressWarnings.Addresses("spec.clusterIPs", spec["clusterIPs"]))
        {
            yield return warning;
        }

        var hasExternal = spec["externalIPs"] is JsonArray { Count: > 0 };
        if (type == "ClusterIP" && spec.StringAt("clusterIP") == "None")
        {
            if (spec.StringAt("loadBalancerIP") is { Length: > 0 })
            {
                yield return "spec.loadBalancerIP is ignored for headless services";
            }

            if (hasExternal)
            {
                yield return "spec.externalIPs is ignored for headless services";
            }

            if (spec.StringAt("sessionAffinity") != "None")
            {
                yield return "spec.SessionAffinity is ignored for headless services";
            }
        }

        foreach (var warning in Addresses(spec))
        {
            yield return warning;
        }

        if (type == "ExternalName" && hasExternal)
        {
            yield return "spec.externalIPs is ignored when spec.type is \"ExternalName\"";
        }

        if (type != "ExternalName" && spec.StringAt("externalName") is { Length: > 0 })
        {
            yield return "spec.externalName is ignored when spec.type is not \"ExternalName\"";
        }

        if (spec.StringAt("trafficDistribution") == "PreferClose")
        {
            yield return "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"";
        }
    }

    private static IEnumerable<string> Addresses(JsonObject spec) =>
    [
        .. AddressWarnings.Addresses("spec.externalIPs", spec["externalIPs"]),
        .. AddressWarnings.Address("spec.loadBalancerIP", spec.StringAt("loadBalancerIP")),
        .. AddressWarnings.Ranges("spec.loadBalancerSourceRanges", spec["loadBalancerSourceRanges"]),
    ];
}
