using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Steps;

/// <summary>Waits until every node of the cluster is Ready, and has said so itself since its host was booted: the API server remembers what was before.</summary>
internal sealed class WaitForNodes(ClusterHosts cluster) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    // Objects know the second of their creation.
    private static readonly TimeSpan TimestampStep = TimeSpan.FromSeconds(1);

    private readonly int _expected = cluster.Layout.ExpectedNodes;

    public string Title => _expected == 1 ? "Node Ready" : $"{_expected} nodes Ready";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var probe = ApiProbe.OfEntry(cluster);
        var booted = cluster.With(cluster.Layout.Nodes).ToDictionary(host => host.Name, host => host.BootedAt, StringComparer.Ordinal);
        // Hollow nodes are many on one host.
        DateTimeOffset BootedAt(string node) => booted.TryGetValue(node, out var own) ? own : booted.Values.Max();
        await Retry.UntilDoneAsync(
            cluster,
            async () =>
            {
                var nodes = (await probe.NodesAsync(cancellationToken)).Where(node => node.Ready).ToList();
                // What the API server remembers of an older node is of no account before its own sign of life.
                var old = nodes.Where(node => node.Created + TimestampStep < BootedAt(node.Name)).Select(node => node.Name).ToHashSet();
                var signs = old.Count == 0 ? [] : await probe.SignsOfLifeAsync(cancellationToken);
                old.ExceptWith(signs.Where(sign => sign.At >= BootedAt(sign.Node)).Select(sign => sign.Node));
                var ready = nodes.Count - old.Count;
                return ready >= _expected ? null : $"{ready} of {_expected} nodes are Ready";
            },
            reason => $"After {Limit.TotalSeconds:0} s {reason}. The kubelet's log: mk logs kubelet --name {cluster.Paths.Name}",
            cancellationToken,
            Limit);
        return null;
    }
}
