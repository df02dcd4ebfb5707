using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>Tells the overlay its network by a key in etcd, with etcdctl, as the talk does. Its daemons wait for that.</summary>
internal sealed class ConfigureOverlay(ClusterHosts cluster) : IStep
{
    public string Title => "Overlay configured";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var member = EtcdMember.All(cluster).First();
        var configuration = OverlayPlan.Configuration(cluster.Layout.Spec.Overlay);
        await Retry.UntilDoneAsync(
            cluster,
            () => member.TryPutAsync(OverlayPlan.ConfigurationKey, configuration, cancellationToken),
            reason => $"etcd does not take the overlay's settings: {reason}\nSee: mk etcd health --name {cluster.Paths.Name}",
            cancellationToken);
        return null;
    }
}
