using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy;

/// <summary>How the proxy works. The defaults are upstream's.</summary>
internal sealed record ProxyOptions
{
    /// <summary>The name of this node, to tell which endpoints are local. Flag: --hostname-override.</summary>
    public required string NodeName { get; init; }

    public IptablesOptions Iptables { get; init; } = new();

    /// <summary>How often to look whether somebody flushed the tables. Flag: --iptables-sync-period.</summary>
    public TimeSpan SyncPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The least time between two syncs, but for a burst of two. Flag: --iptables-min-sync-period.</summary>
    public TimeSpan MinSyncPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>IPv4, and IPv6 when the pods have such addresses.</summary>
    public IReadOnlyList<IPFamily> Families =>
        (HasRange(IPFamily.IPv4), HasRange(IPFamily.IPv6)) switch
        {
            (false, true) => [IPFamily.IPv6],
            (true, true) => [IPFamily.IPv4, IPFamily.IPv6],
            _ => [IPFamily.IPv4],
        };

    private bool HasRange(IPFamily family) => Array.Exists(Iptables.ClusterCidr.Split(','), range => family.HasRange(range));
}
