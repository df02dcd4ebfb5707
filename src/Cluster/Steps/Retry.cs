using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Steps;

/// <summary>Tries what a cluster that is just coming up may refuse for a while.</summary>
internal static class Retry
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <param name="cluster">Whose clock counts.</param>
    /// <param name="whyNotDone">Tries; returns null when it is done, else why it is not.</param>
    /// <param name="explain">What the user is told of the last reason when the time is over.</param>
    /// <param name="cancellationToken">Ends the tries.</param>
    /// <param name="limit">For how long; a minute if nothing is said.</param>
    /// <exception cref="ClusterException">It was not done in time.</exception>
    public static async Task UntilDoneAsync(
        ClusterHosts cluster, Func<Task<string?>> whyNotDone, Func<string, string> explain, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        var started = cluster.Clock.GetTimestamp();
        while (await whyNotDone() is { } reason)
        {
            if (cluster.Clock.GetElapsedTime(started) > (limit ?? DefaultLimit))
            {
                throw new ClusterException(explain(reason));
            }

            await Task.Delay(Poll, cluster.Clock, cancellationToken);
        }
    }
}
