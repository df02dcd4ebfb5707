using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Rendering;

/// <summary>What shapes the rules beside the services.</summary>
internal sealed record IptablesOptions
{
    /// <summary>The range of pod addresses of this family: what comes from outside it is masqueraded. Empty: nothing is for that reason. Flag: --cluster-cidr.</summary>
    public string ClusterCidr { get; init; } = "";

    /// <summary>Flag: --masquerade-all.</summary>
    public bool MasqueradeAll { get; init; }

    /// <summary>The bit of the packet mark that asks for masquerading; 14 is 0x4000. Flag: --iptables-masquerade-bit.</summary>
    public int MasqueradeBit { get; init; } = 14;

    /// <summary>The ranges of the node's addresses on which node ports are served; empty is all. Flag: --nodeport-addresses.</summary>
    public IReadOnlyList<string> NodePortAddresses { get; init; } = [];

    /// <summary>The mark, such as <c>0x4000</c>.</summary>
    public string Mark => $"0x{1u << MasqueradeBit:x}";

    /// <summary>The same options with what belongs to the family.</summary>
    public IptablesOptions For(IPFamily family) => this with
    {
        ClusterCidr = ClusterCidr.Split(',').FirstOrDefault(range => family.HasRange(range)) ?? "",
        NodePortAddresses = [.. NodePortAddresses.Where(range => family.HasRange(range))],
    };
}
