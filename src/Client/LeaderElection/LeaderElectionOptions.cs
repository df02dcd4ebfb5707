using MiniKube.Api.Meta;

namespace MiniKube.Client.LeaderElection;

/// <summary>How a component elects its leader. Flags: --leader-elect and --leader-elect-*; the numbers are upstream's defaults.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>Off means: work at once, without a Lease and without fencing.</summary>
    public bool LeaderElect { get; init; } = true;

    /// <summary>Who is not the leader waits this long, after the last renewal it saw, before it takes over.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for this long stops its work.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two tries.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The Lease.</summary>
    public required NamespacedName Lease { get; init; }

    /// <summary>Unlike any other candidate's, also one that ran on this host before.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid()}";

    /// <summary>What is wrong with the times; null when nothing is. The texts are client-go's.</summary>
    public string? Validate() =>
        LeaseDuration <= RenewDeadline ? "leaseDuration must be greater than renewDeadline"
        : RenewDeadline <= RetryPeriod * LeaderElector.JitterFactor ? "renewDeadline must be greater than retryPeriod*JitterFactor"
        : RetryPeriod <= TimeSpan.Zero ? "retryPeriod must be greater than zero"
        : null;
}
