using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Steps;

/// <summary>Tries what a cluster that is just coming up may refuse for a while, for a minute.</summary>
internal static class Retry
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <param name="cluster">Whose clock counts.</param>
    /// <param name="whyNotDone">Tries; returns null when it is done, else why it is not.</param>
    /// <param name="explain">What the user is told of the last reason when the time is over.</param>
    /// <param name="cancellationToken">Ends the tries.</param>
    public static async Task UntilDoneAsync(
        ClusterHosts cluster, Func<Task<string?>> whyNotDone, Func<string, string> explain, CancellationToken cancellationToken)
    {
        var started = cluster.Clock.GetTimestamp();
        while (await whyNotDone() is { } reason)
        {
            if (cluster.Clock.GetElapsedTime(started) > Limit)
            {
                throw new ClusterException(explain(reason));
            }

            await Task.Delay(Poll, cluster.Clock, cancellationToken);
        }
    }
}
