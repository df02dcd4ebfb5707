using System.Globalization;

using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Proxy.Rules;

/// <summary>One port of a service in one family, free of any packet-filter syntax.</summary>
internal sealed record ServicePort
{
    private const int DefaultAffinitySeconds = 10800;

    public required ServicePortName Name { get; init; }

    /// <summary>tcp, udp or sctp.</summary>
    public required string Protocol { get; init; }

    public required string ClusterIP { get; init; }

    public required int Port { get; init; }

    /// <summary>0 when it has none.</summary>
    public int NodePort { get; init; }

    public IReadOnlyList<string> ExternalIPs { get; init; } = [];

    public IReadOnlyList<string> LoadBalancerIPs { get; init; } = [];

    /// <summary>The only sources that may use the load balancer's addresses; empty is all.</summary>
    public IReadOnlyList<string> SourceRanges { get; init; } = [];

    /// <summary>How long a client keeps its endpoint; 0 without affinity.</summary>
    public int AffinitySeconds { get; init; }

    public bool ExternalTrafficLocal { get; init; }

    public bool InternalTrafficLocal { get; init; }

    /// <summary>Whether it can be reached from outside the cluster.</summary>
    public bool IsExternal => NodePort != 0 || ExternalIPs.Count > 0 || LoadBalancerIPs.Count > 0;

    /// <summary>The ports that a proxy serves; none for a headless service, an alias, and one that another proxy serves.</summary>
    public static IEnumerable<ServicePort> Of(V1Service service, IPFamily family)
    {
        var spec = service.Spec;
        if (spec is null || spec.Type == "ExternalName" || service.Metadata?.Labels?.ContainsKey("service.kubernetes.io/service-proxy-name") == true)
        {
            yield break;
        }

        var clusterIP = family.Addresses(spec.ClusterIPs is { Count: > 0 } all ? all : [spec.ClusterIP]).FirstOrDefault();
        if (clusterIP is null)
        {
            yield break;
        }

        foreach (var port in spec.Ports ?? [])
        {
            yield return Create(service, port, clusterIP, family);
        }
    }

    private static ServicePort Create(V1Service service, V1ServicePort port, string clusterIP, IPFamily family)
    {
        var spec = service.Spec;
        return new ServicePort
        {
            Name = new ServicePortName(new NamespacedName(service.Metadata?.NamespaceProperty ?? "", service.Metadata?.Name ?? ""), port.Name ?? ""),
            Protocol = (string.IsNullOrEmpty(port.Protocol) ? "TCP" : port.Protocol).ToLower(CultureInfo.InvariantCulture),
            ClusterIP = clusterIP,
            Port = port.Port,
            NodePort = port.NodePort ?? 0,
            ExternalIPs = [.. family.Addresses(spec.ExternalIPs)],
            LoadBalancerIPs =
            [
                .. family.Addresses((service.Status?.LoadBalancer?.Ingress ?? []).Where(ingress => ingress.IpMode != "Proxy").Select(ingress => ingress.Ip)),
            ],
            SourceRanges = [.. family.Ranges(spec.LoadBalancerSourceRanges)],
            AffinitySeconds = spec.SessionAffinity == "ClientIP" ? spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? DefaultAffinitySeconds : 0,
            ExternalTrafficLocal = spec.ExternalTrafficPolicy == "Local",
            InternalTrafficLocal = spec.InternalTrafficPolicy == "Local",
        };
    }
}
