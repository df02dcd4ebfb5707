using System.Globalization;

using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Rendering;

/// <summary>The rules of one service port, added to the tables.</summary>
internal sealed class IptablesService(ServiceRules rules, IPFamily family, IptablesOptions options, TableBuilder nat, TableBuilder filter)
{
    private readonly ServicePort _service = rules.Service;
    private readonly string _name = rules.Service.Name.ToString();
    private readonly string _protocol = $"-m {rules.Service.Protocol} -p {rules.Service.Protocol}";

    public void Add()
    {
        AddEntries();
        if (rules.UsesClusterEndpoints && rules.ClusterEndpoints.Count > 0)
        {
            AddBalancing(ChainNames.ClusterService(_service), rules.ClusterEndpoints);
        }

        if (rules.UsesLocalEndpoints && rules.LocalEndpoints.Count > 0)
        {
            AddBalancing(ChainNames.LocalService(_service), rules.LocalEndpoints);
        }

        if (_service.IsExternal && rules.HasEndpoints)
        {
            AddExternalChain();
        }

        IReadOnlyList<ServiceEndpoint> anywhere = rules.UsesClusterEndpoints ? rules.ClusterEndpoints : [];
        foreach (var endpoint in anywhere.Union(rules.UsesLocalEndpoints ? rules.LocalEndpoints : []))
        {
            AddEndpoint(endpoint);
        }
    }

    private string InternalChain => _service.InternalTrafficLocal ? ChainNames.LocalService(_service) : ChainNames.ClusterService(_service);

    private string ExternalPolicyChain => _service.ExternalTrafficLocal ? ChainNames.LocalService(_service) : ChainNames.ClusterService(_service);

    private static string Comment(string text) => $"-m comment --comment \"{text}\"";

    private string To(string address, int port) => $"{_protocol} -d {address} --dport {port.ToString(CultureInfo.InvariantCulture)}";

    private void AddEntries()
    {
        AddClusterEntry();
        foreach (var address in _service.ExternalIPs)
        {
            AddExternalEntry(address, "external IP", ChainNames.External(_service));
        }

        foreach (var address in _service.LoadBalancerIPs)
        {
            AddLoadBalancerEntry(address);
        }

        if (_service.NodePort != 0)
        {
            AddNodePortEntry();
        }
    }

    private void AddClusterEntry()
    {
        var match = To(_service.ClusterIP, _service.Port);
        if (rules.InternalEndpoints.Count > 0)
        {
            nat.Chain(ChainNames.Services).Add($"{Comment($"{_name} cluster IP")} {match} -j {InternalChain}");
            AddMasqueradeOfOutsiders();
        }

        Refuse(rules.InternalEndpoints, ChainNames.Services, match);
    }

    // Also without an endpoint here: what comes from pods may go to another node.
    private void AddExternalEntry(string address, string what, string chain)
    {
        var match = To(address, _service.Port);
        if (rules.HasEndpoints)
        {
            nat.Chain(ChainNames.Services).Add($"{Comment($"{_name} {what}")} {match} -j {chain}");
        }

        Refuse(rules.ExternalEndpoints, ChainNames.ExternalServices, match);
    }

    private void AddNodePortEntry()
    {
        var port = _service.NodePort.ToString(CultureInfo.InvariantCulture);
        if (rules.HasEndpoints)
        {
            nat.Chain(ChainNames.NodePorts).Add($"{Comment(_name)} {_protocol} --dport {port} -j {ChainNames.External(_service)}");
        }

        Refuse(rules.ExternalEndpoints, ChainNames.ExternalServices, $"-m addrtype --dst-type LOCAL {_protocol} --dport {port}");
    }

    private void AddLoadBalancerEntry(string address)
    {
        if (_service.SourceRanges.Count == 0)
        {
            AddExternalEntry(address, "loadbalancer IP", ChainNames.External(_service));
            return;
        }

        var firewall = ChainNames.SourceRanges(_service);
        AddExternalEntry(address, "loadbalancer IP", firewall);
        if (rules.HasEndpoints)
        {
            var chain = nat.Chain(firewall);
            if (chain.Count == 0)
            {
                chain.AddRange(_service.SourceRanges.Select(range => $"{Comment($"{_name} loadbalancer IP")} -s {range} -j {ChainNames.External(_service)}"));
                chain.Add(Comment($"other traffic to {_name} will be dropped by {ChainNames.Firewall}"));
            }

            filter.Chain(ChainNames.Firewall).Add(
                $"{Comment($"{_name} traffic not accepted by {firewall}")} {To(address, _service.Port)} -j DROP");
        }
    }

    // Without any endpoint a client shall know at once; without a local one the sender should have known better.
    private void Refuse(IReadOnlyList<ServiceEndpoint> endpoints, string chain, string match)
    {
        if (!rules.HasEndpoints)
        {
            filter.Chain(chain).Add($"{Comment($"{_name} has no endpoints")} {match} -j REJECT");
        }
        else if (endpoints.Count == 0)
        {
            filter.Chain(chain).Add($"{Comment($"{_name} has no local endpoints")} {match} -j DROP");
        }
    }

    private void AddMasqueradeOfOutsiders()
    {
        var match = $"{Comment($"{_name} cluster IP")} {To(_service.ClusterIP, _service.Port)}";
        if (options.MasqueradeAll)
        {
            nat.Chain(InternalChain).Add($"{match} -j {ChainNames.MarkMasquerade}");
        }
        else if (options.ClusterCidr.Length > 0)
        {
            // From outside the pods' network: the endpoint's answer would not find its way back through this node.
            nat.Chain(InternalChain).Add($"{match} ! -s {options.ClusterCidr} -j {ChainNames.MarkMasquerade}");
        }
    }

    private void AddExternalChain()
    {
        var chain = nat.Chain(ChainNames.External(_service));
        if (!_service.ExternalTrafficLocal)
        {
            chain.Add($"{Comment($"masquerade traffic for {_name} external destinations")} -j {ChainNames.MarkMasquerade}");
        }
        else if (rules.ClusterEndpoints.Count > 0)
        {
            // What comes from pods or from this node need not stay here.
            var toCluster = $"-j {ChainNames.ClusterService(_service)}";
            if (options.ClusterCidr.Length > 0)
            {
                chain.Add($"{Comment($"pod traffic for {_name} external destinations")} -s {options.ClusterCidr} {toCluster}");
            }

            var fromHere = "-m addrtype --src-type LOCAL";
            chain.Add($"{Comment($"masquerade LOCAL traffic for {_name} external destinations")} {fromHere} -j {ChainNames.MarkMasquerade}");
            chain.Add($"{Comment($"route LOCAL traffic for {_name} external destinations")} {fromHere} {toCluster}");
        }

        if (rules.ExternalEndpoints.Count > 0)
        {
            chain.Add($"-j {ExternalPolicyChain}");
        }
    }

    private void AddBalancing(string chainName, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var chain = nat.Chain(chainName);
        if (_service.AffinitySeconds > 0)
        {
            chain.AddRange(endpoints.Select(endpoint =>
            {
                var target = ChainNames.Endpoint(_service, endpoint);
                var seconds = _service.AffinitySeconds.ToString(CultureInfo.InvariantCulture);
                return $"{Comment($"{_name} -> {endpoint}")} -m recent --name {target} --rcheck --seconds {seconds} --reap -j {target}";
            }));
        }

        // One of n by chance, else one of the n - 1 after it, and so on: all are equally likely.
        for (var i = 0; i < endpoints.Count; i++)
        {
            var left = endpoints.Count - i;
            var chance = left == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-m statistic --mode random --probability {1.0 / left:F10} ");
            chain.Add($"{Comment($"{_name} -> {endpoints[i]}")} {chance}-j {ChainNames.Endpoint(_service, endpoints[i])}");
        }
    }

    private void AddEndpoint(ServiceEndpoint endpoint)
    {
        var name = ChainNames.Endpoint(_service, endpoint);
        var chain = nat.Chain(name);

        // Hairpin: an endpoint that reaches itself must see another source than its own, or its answer never leaves it.
        chain.Add($"{Comment(_name)} -s {endpoint.Address}/{family.Bits()} -j {ChainNames.MarkMasquerade}");
        var remember = _service.AffinitySeconds > 0 ? $"-m recent --name {name} --set " : "";
        chain.Add($"{Comment(_name)} {remember}{_protocol} -j DNAT --to-destination {endpoint}");
    }
}
