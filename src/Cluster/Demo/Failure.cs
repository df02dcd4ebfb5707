namespace MiniKube.Cluster.Demo;

/// <summary>Something that happens to a cluster, and how it is mended.</summary>
/// <param name="Title">What happens, for people: the host is named.</param>
/// <param name="Inject">Lets it happen.</param>
/// <param name="Heal">Mends it: what was killed is started again, unless a supervisor has done so.</param>
internal sealed record Failure(string Title, Func<CancellationToken, Task> Inject, Func<CancellationToken, Task> Heal)
{
    /// <summary>How long clients wait for an answer: where nothing hangs, as long as it takes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The master that is lost by it: leases that it holds must pass to another. Null when none is.</summary>
    public string? LostMaster { get; init; }
}
