using MiniKube.Overlay.Backends;
using MiniKube.Overlay.Firewall;
using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay;

/// <summary>This node's place in the network, once it has one.</summary>
internal sealed record OverlayNode(NetworkConfig Config, LeaseAttributes Attributes, Subnet Subnet, IBackend Backend)
{
    public bool Holds(SubnetLease lease) => lease.Subnet == Subnet && lease.Attributes.PublicIP == Attributes.PublicIP;

    /// <summary>The leases of others that use the same backend; others cannot be reached.</summary>
    public IReadOnlyList<SubnetLease> PeersAmong(IEnumerable<SubnetLease> leases) =>
        [.. leases.Where(lease => lease.Subnet != Subnet && lease.Attributes.PublicIP != Attributes.PublicIP && lease.Attributes.BackendType == Backend.Type)];

    public IEnumerable<FirewallChain> Chains(OverlayOptions options)
    {
        if (options.IpMasq)
        {
            yield return FirewallChain.Masquerade(Config.Network, Subnet);
        }

        if (options.ForwardRules)
        {
            yield return FirewallChain.Forward(Config.Network);
        }
    }
}
