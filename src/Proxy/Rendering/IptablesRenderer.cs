using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Rendering;

/// <summary>
/// Says a rule set in iptables' words, with upstream's chains: KUBE-SERVICES picks a service by address, KUBE-SVC-… one of its endpoints by
/// chance, KUBE-SEP-… rewrites the destination; KUBE-EXT-… stands before them for traffic from outside. Pure.
/// </summary>
internal static class IptablesRenderer
{
    /// <summary>The tables nat and filter.</summary>
    public static IReadOnlyList<IptablesTable> Render(RuleSet rules, IptablesOptions options)
    {
        var nat = new TableBuilder("nat");
        var filter = new TableBuilder("filter");
        AddFixedChains(nat, filter, rules.Family, options);
        foreach (var service in rules.Services)
        {
            new IptablesService(service, rules.Family, options, nat, filter).Add();
        }

        AddNodePortJumps(nat.Chain(ChainNames.Services), rules.Family, options);
        return [filter.Build(), nat.Build()];
    }

    private static void AddFixedChains(TableBuilder nat, TableBuilder filter, IPFamily family, IptablesOptions options)
    {
        nat.Chain(ChainNames.Canary);
        nat.Chain(ChainNames.Services);
        nat.Chain(ChainNames.NodePorts);
        nat.Chain(ChainNames.Postrouting).AddRange(
        [
            $"-m mark ! --mark {options.Mark}/{options.Mark} -j RETURN",
            // Cleared again, so that a packet that passes here twice is masqueraded once.
            $"-j MARK --xor-mark {options.Mark}",
            "-m comment --comment \"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully",
        ]);
        nat.Chain(ChainNames.MarkMasquerade).Add($"-j MARK --or-mark {options.Mark}");

        filter.Chain(ChainNames.Canary);
        filter.Chain(ChainNames.Services);
        filter.Chain(ChainNames.ExternalServices);
        filter.Chain(ChainNames.NodePorts);
        filter.Chain(ChainNames.Firewall);
        filter.Chain(ChainNames.Forward).AddRange(
        [
            // A packet out of state keeps the address of the endpoint: the client would answer it with a reset.
            "-m conntrack --ctstate INVALID -j DROP",
            $"-m comment --comment \"kubernetes forwarding rules\" -m mark --mark {options.Mark}/{options.Mark} -j ACCEPT",
            "-m comment --comment \"kubernetes forwarding conntrack rule\" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        ]);
    }

    private static void AddNodePortJumps(List<string> services, IPFamily family, IptablesOptions options)
    {
        const string Comment = "-m comment --comment \"kubernetes service nodeports; NOTE: this must be the last rule in this chain\"";
        if (options.NodePortAddresses.Count == 0)
        {
            // IPv6 has nothing like route_localnet: what is sent to ::1 cannot leave it.
            var notLoopback = family == IPFamily.IPv6 ? " ! -d ::1/128" : "";
            services.Add($"{Comment} -m addrtype --dst-type LOCAL{notLoopback} -j {ChainNames.NodePorts}");
            return;
        }

        services.AddRange(options.NodePortAddresses.Select(range =>
            $"{Comment} -d {range} -m addrtype --dst-type LOCAL -j {ChainNames.NodePorts}"));
    }
}
