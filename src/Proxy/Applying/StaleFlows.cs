using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Applying;

/// <summary>
/// UDP has no end of a connection: the kernel leads a client's packets where the first one went, as long as they keep coming. So what leads
/// to an endpoint that is gone, and what led nowhere before there were endpoints, must be forgotten.
/// A TCP connection that was begun as its endpoint went is asked for again and again where nobody is, for two minutes: forgotten, its next try goes to another endpoint.
/// (Upstream lets such clients wait. On the endpoint's own node nobody tells them, as the kernel says nothing of what it bridges.) Pure.
/// </summary>
internal static class StaleFlows
{
    public static IReadOnlyList<ConntrackFlow> Between(RuleSet before, RuleSet after)
    {
        var now = after.Services.ToDictionary(rules => (rules.Service.Name, rules.Service.Protocol));
        var flows = new List<ConntrackFlow>(
            TcpAddresses(before).Except(TcpAddresses(after), StringComparer.Ordinal)
                .Select(endpoint => new ConntrackFlow(before.Family, "tcp", null, 0, endpoint) { IsUnanswered = true }));
        foreach (var old in before.Services.Where(rules => rules.Service.Protocol == "udp"))
        {
            var left = now.GetValueOrDefault((old.Service.Name, old.Service.Protocol));
            var gone = Addresses(old).Except(left is null ? [] : Addresses(left), StringComparer.Ordinal);
            flows.AddRange(gone.SelectMany(endpoint => Flows(before.Family, old.Service, endpoint)));
            if (!old.HasEndpoints && left is { HasEndpoints: true })
            {
                flows.AddRange(Flows(after.Family, left.Service, null));
            }
        }

        return flows;
    }

    private static IEnumerable<string> TcpAddresses(RuleSet rules) => rules.Services.Where(service => service.Service.Protocol == "tcp").SelectMany(Addresses);

    private static IEnumerable<string> Addresses(ServiceRules rules) => rules.ClusterEndpoints.Concat(rules.LocalEndpoints).Select(endpoint => endpoint.Address);

    private static IEnumerable<ConntrackFlow> Flows(IPFamily family, ServicePort service, string? endpoint)
    {
        foreach (var address in service.ExternalIPs.Concat(service.LoadBalancerIPs).Prepend(service.ClusterIP))
        {
            yield return new ConntrackFlow(family, service.Protocol, address, service.Port, endpoint);
        }

        if (service.NodePort != 0)
        {
            yield return new ConntrackFlow(family, service.Protocol, null, service.NodePort, endpoint);
        }
    }
}
