using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>Where a load balancer can be reached, as columns show it.</summary>
internal static class LoadBalancerText
{
    public static string Of(JsonObject obj) => string.Join(',', obj.ObjectsAt("status", "loadBalancer", "ingress")
        .Select(ingress => ingress.StringAt("ip") is { Length: > 0 } ip ? ip : ingress.StringAt("hostname") ?? "")
        .Where(address => address.Length > 0)
        .Distinct()
        .Order(StringComparer.Ordinal));
}
