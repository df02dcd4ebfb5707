using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>
/// Gives a member of etcd an empty disk: the others remove it and take it in again as a learner, which counts for no majority, and make it a voter when it has caught up.
/// </summary>
internal sealed class ReplaceEtcdMember(ClusterHosts cluster, Host host) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public string Title => $"Member {host.Name} replaced";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var other = await FindOtherAsync(cancellationToken);
        var member = cluster.Layout.Find(host.Name);
        var old = (await other.MembersAsync(cancellationToken)).Where(one => one.Name == host.Name).Select(one => one.Id).SingleOrDefault();
        if (old != 0)
        {
            await other.RemoveAsync(old, cancellationToken);
        }

        await EmptyAsync(cancellationToken);
        await other.AddLearnerAsync(member, cancellationToken);
        await StartAsync(member, cancellationToken);
        await PromoteAsync(other, cancellationToken);
        return old == 0 ? "it was no member any more" : null;
    }

    private async Task<EtcdMember> FindOtherAsync(CancellationToken cancellationToken)
    {
        foreach (var other in EtcdMember.All(cluster).Where(other => other.Name != host.Name))
        {
            if (await other.WhyNotHealthyAsync(cancellationToken) is null)
            {
                return other;
            }
        }

        throw new ClusterException($"No other member of etcd is healthy: nobody can take {host.Name} in. See: mk etcd health --name {cluster.Paths.Name}");
    }

    /// <summary>The host may be up or down; its data goes.</summary>
    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        if (host.ProcessId is not null)
        {
            await host.RunAsync(["sv", "-w", "20", "force-stop", $"/run/service/{EtcdPlan.UnitName}"], cancellationToken);
        }

        var data = host.Folder.PathOf(EtcdPlan.DataFolder);
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private async Task StartAsync(ClusterHost member, CancellationToken cancellationToken)
    {
        if (host.ProcessId is null)
        {
            await cluster.BootAsync(host, cancellationToken);
            await host.RunAsync(["sv", "-w", "20", "force-stop", $"/run/service/{EtcdPlan.UnitName}"], cancellationToken);
            await EmptyAsync(cancellationToken);
        }

        // Written where the host sees it at once: its /etc is an overlay, which does not look below its own layers again.
        File.WriteAllText($"{host.Root}{EtcdPlan.ConfigurationFile}", EtcdPlan.Configuration(cluster.Layout, member, "existing"));
        await host.RunAsync(["sv", "up", $"/run/service/{EtcdPlan.UnitName}"], cancellationToken);
    }

    private async Task PromoteAsync(EtcdMember by, CancellationToken cancellationToken)
    {
        var started = cluster.Clock.GetTimestamp();
        var reason = "it has not started";
        while (cluster.Clock.GetElapsedTime(started) < Limit)
        {
            var id = (await by.MembersAsync(cancellationToken)).Where(one => one.Name == host.Name).Select(one => one.Id).SingleOrDefault();
            if (id != 0)
            {
                reason = await by.TryPromoteAsync(id, cancellationToken);
                if (reason is null)
                {
                    return;
                }
            }

            await Task.Delay(Poll, cluster.Clock, cancellationToken);
        }

        throw new ClusterException($"{host.Name} is a learner, but not a voter after {Limit.TotalSeconds:0} s: {reason}\nIts log: mk logs {host.Name}/etcd --name {cluster.Paths.Name}");
    }
}
