namespace MiniKube.Overlay;

/// <summary>How a node takes part in the network. Flags, names and defaults are flanneld's.</summary>
internal sealed record OverlayOptions
{
    /// <summary>Flag: --etcd-prefix.</summary>
    public string EtcdPrefix { get; init; } = "/coreos.com/network";

    /// <summary>Flag: --iface: a name or an address; null takes the interface of the default route.</summary>
    public string? Interface { get; init; }

    /// <summary>Flag: --public-ip: the address that peers use; null takes the interface's.</summary>
    public string? PublicIP { get; init; }

    /// <summary>Flag: --subnet-file.</summary>
    public string SubnetFile { get; init; } = "/run/flannel/subnet.env";

    /// <summary>Flag: --subnet-lease-renew-margin, there in minutes: how long before its end a lease is renewed.</summary>
    public TimeSpan RenewMargin { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Flag: --ip-masq.</summary>
    public bool IpMasq { get; init; }

    /// <summary>Flag: --iptables-forward-rules.</summary>
    public bool ForwardRules { get; init; } = true;

    /// <summary>Flag: --iptables-resync, there in seconds.</summary>
    public TimeSpan IptablesResync { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often routes and tables are looked at even if no peer changed. Flannel's number for routes.</summary>
    public TimeSpan KernelResync { get; init; } = TimeSpan.FromSeconds(10);
}
