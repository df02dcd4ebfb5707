using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Steps;

/// <summary>Lays the wire that the hosts are plugged into.</summary>
internal sealed class LayWire(ClusterPaths paths) : IStep
{
    public string Title => "Wire";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        await new Wire(paths.MachineName).CreateAsync(cancellationToken);
        return null;
    }
}
