using System.Text.Json;

using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Backends;

/// <summary>One way of carrying packets between nodes.</summary>
internal interface IBackend
{
    /// <summary>Its name in the configuration and in leases.</summary>
    string Type { get; }

    /// <summary>The largest packet that pods may send, in bytes.</summary>
    int Mtu { get; }

    /// <summary>Makes what has to be there before a lease is taken. What it returns goes into the lease, for the peers; null is nothing.</summary>
    Task<JsonElement?> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Gives this node's end its address.</summary>
    Task AssignAsync(Subnet subnet, CancellationToken cancellationToken);

    /// <summary>Brings the kernel to what these peers need, and removes what belonged to others. Repairs what somebody changed.</summary>
    /// <exception cref="Hosting.Commands.CommandException">Something could not be done; all else is.</exception>
    Task SyncAsync(IReadOnlyList<SubnetLease> peers, CancellationToken cancellationToken);
}
