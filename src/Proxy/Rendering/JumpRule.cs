namespace MiniKube.Proxy.Rendering;

/// <summary>A rule in a chain of the kernel that leads to a chain of ours. It is put first, and only if it is not there.</summary>
internal sealed record JumpRule(string Table, string Chain, string Target, string Comment, bool OnlyNew)
{
    /// <summary>Upstream's jumps.</summary>
    public static readonly IReadOnlyList<JumpRule> All =
    [
        new("filter", "INPUT", ChainNames.ExternalServices, "kubernetes externally-visible service portals", true),
        new("filter", "FORWARD", ChainNames.ExternalServices, "kubernetes externally-visible service portals", true),
        new("filter", "INPUT", ChainNames.NodePorts, "kubernetes health check service ports", false),
        new("filter", "FORWARD", ChainNames.Services, "kubernetes service portals", true),
        new("filter", "OUTPUT", ChainNames.Services, "kubernetes service portals", true),
        new("filter", "FORWARD", ChainNames.Forward, "kubernetes forwarding rules", false),
        new("filter", "INPUT", ChainNames.Firewall, "kubernetes load balancer firewall", true),
        new("filter", "OUTPUT", ChainNames.Firewall, "kubernetes load balancer firewall", true),
        new("filter", "FORWARD", ChainNames.Firewall, "kubernetes load balancer firewall", true),
        new("nat", "OUTPUT", ChainNames.Services, "kubernetes service portals", false),
        new("nat", "PREROUTING", ChainNames.Services, "kubernetes service portals", false),
        new("nat", "POSTROUTING", ChainNames.Postrouting, "kubernetes postrouting rules", false),
    ];

    /// <summary>What follows the chain's name on the command line.</summary>
    public IReadOnlyList<string> Arguments =>
        ["-m", "comment", "--comment", Comment, .. OnlyNew ? (string[])["-m", "conntrack", "--ctstate", "NEW"] : [], "-j", Target];
}
