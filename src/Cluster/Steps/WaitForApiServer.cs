using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>Waits until the API server says that it is ready.</summary>
internal sealed class WaitForApiServer(ClusterHosts cluster) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public string Title => cluster.Layout.Masters.Count == 1 ? "API server ready" : $"{cluster.Layout.Masters.Count} API servers ready";

    /// <summary>Each by itself, and then the way that clients go.</summary>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var master in cluster.With(cluster.Layout.Masters))
        {
            using var own = ApiProbe.OfMaster(cluster, master);
            await WaitAsync(own, master.Name, cancellationToken);
        }

        using var entry = ApiProbe.OfEntry(cluster);
        await WaitAsync(entry, cluster.Layout.Entry.Name, cancellationToken);
        return null;
    }

    private Task WaitAsync(ApiProbe probe, string host, CancellationToken cancellationToken) => Retry.UntilDoneAsync(
        cluster,
        () => probe.WhyNotReadyAsync(cancellationToken),
        reason => $"The API server at {host} is not ready after {Limit.TotalSeconds:0} s: {reason}\nIts log: mk logs {MasterPlan.ServingUnit(cluster.Layout)} --name {cluster.Paths.Name}",
        cancellationToken,
        Limit);
}
