using System.Net;

namespace MiniKube.Cluster.Raft;

/// <summary>One member's place in the demonstration. Flags: --id, --cluster, --clients, --listen-address, --data-dir.</summary>
internal sealed record RaftOptions
{
    /// <summary>Which of them this one is, counted from 1 as in etcd's example.</summary>
    public required int Id { get; init; }

    /// <summary>Where the members speak Raft, in the order of their ids.</summary>
    public required IReadOnlyList<EndPoint> Peers { get; init; }

    /// <summary>Where they answer clients, and each other's forwarded requests.</summary>
    public required IReadOnlyList<Uri> Clients { get; init; }

    /// <summary>The address that both ports are opened on.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>The log and the snapshots.</summary>
    public required string DataFolder { get; init; }

    public Uri Self => Clients[Id - 1];

    public static int PortOf(EndPoint peer) => peer is IPEndPoint address ? address.Port : ((DnsEndPoint)peer).Port;
}
