namespace MiniKube.Cluster.Control;

/// <summary>What a member of etcd says of itself.</summary>
/// <param name="Host">The host that it runs on, which is also its name.</param>
/// <param name="Fault">Why it says nothing, or what it complains of; null when all is well.</param>
internal sealed record EtcdMemberState(string Host, string? Fault)
{
    public ulong Id { get; init; }

    /// <summary>The leader that it follows; 0 while there is none, which is when most members are away.</summary>
    public ulong Leader { get; init; }

    public bool IsLearner { get; init; }

    public long Revision { get; init; }

    public ulong RaftIndex { get; init; }

    /// <summary>The size of its data file, in bytes.</summary>
    public long DatabaseSize { get; init; }

    public string Version { get; init; } = "";

    public bool IsLeader => Id != 0 && Id == Leader;

    /// <summary>It answers and follows a leader.</summary>
    public bool IsHealthy => Fault is null && Leader != 0;
}
