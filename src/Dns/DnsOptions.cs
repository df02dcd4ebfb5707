using System.Net;

namespace MiniKube.Dns;

/// <summary>How the name server works.</summary>
internal sealed record DnsOptions
{
    /// <summary>The zone of the cluster's names. Flag: --cluster-domain.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>The addresses and the port on which queries are taken, by UDP and TCP. Flags: --listen-address, --port.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 53);

    /// <summary>Where queries for other names go; with none they fail. Flag: --resolv-conf, as the lines <c>nameserver</c> of the file.</summary>
    public IReadOnlyList<IPAddress> NameServers { get; init; } = [];

    /// <summary>Seconds that an answer may be kept: what kubeadm writes into CoreDNS's configuration.</summary>
    public int TimeToLive { get; init; } = 30;
}
