using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>Tells the overlay its network by a key in etcd, with etcdctl, as the talk does. Its daemons wait for that.</summary>
internal sealed class ConfigureOverlay(ClusterHosts cluster) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public string Title => "Overlay configured";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var member = EtcdMember.All(cluster).First();
        var configuration = OverlayPlan.Configuration(cluster.Layout.Spec.Overlay);
        var started = cluster.Clock.GetTimestamp();
        while (await member.TryPutAsync(OverlayPlan.ConfigurationKey, configuration, cancellationToken) is { } reason)
        {
            if (cluster.Clock.GetElapsedTime(started) > Limit)
            {
                throw new ClusterException($"etcd does not take the overlay's settings: {reason}\nSee: mk etcd health --name {cluster.Paths.Name}");
            }

            await Task.Delay(Poll, cluster.Clock, cancellationToken);
        }

        return null;
    }
}
