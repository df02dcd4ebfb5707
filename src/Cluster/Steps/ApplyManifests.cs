using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Steps;

/// <summary>Gives the cluster the objects that every cluster has beside the API server's own: manifests/addons.</summary>
internal sealed class ApplyManifests(ClusterHosts cluster) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public string Title => "Cluster DNS and storage class";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var probe = ApiProbe.OfEntry(cluster);
        var manifest = string.Join("\n---\n", Resource.Names("addons/").Select(Resource.Read));
        var started = cluster.Clock.GetTimestamp();
        while (await probe.WhyNotAppliedAsync(manifest, cancellationToken) is { } reason)
        {
            if (cluster.Clock.GetElapsedTime(started) > Limit)
            {
                throw new ClusterException($"What every cluster has could not be made: {reason}");
            }

            await Task.Delay(Poll, cluster.Clock, cancellationToken);
        }

        return null;
    }
}
