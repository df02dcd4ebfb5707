using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Steps;

/// <summary>Gives the cluster the objects that every cluster has beside the API server's own: manifests/addons, and manifests/joining, by which nodes may join and get their next certificates.</summary>
internal sealed class ApplyManifests(ClusterHosts cluster) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public string Title => "Cluster DNS, storage class, metrics and rights of nodes";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var probe = ApiProbe.OfEntry(cluster);
        var manifest = string.Join("\n---\n", Resource.Names("addons/").Concat(Resource.Names("joining/")).Select(Resource.Read));
        await Retry.UntilDoneAsync(
            cluster, () => probe.WhyNotAppliedAsync(manifest, cancellationToken), reason => $"What every cluster has could not be made: {reason}", cancellationToken, Limit);
        return null;
    }
}
