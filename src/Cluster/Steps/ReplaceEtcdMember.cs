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
            await UntilDoneAsync("removed", () => other.TryRemoveAsync(old, cancellationToken), cancellationToken);
        }

        await EmptyAsync(cancellationToken);
        await UntilDoneAsync("added", () => other.TryAddLearnerAsync(member, cancellationToken), cancellationToken);
        await StartAsync(member, cancellationToken);
        await UntilDoneAsync("promoted", () => TryPromoteAsync(other, cancellationToken), cancellationToken);
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

    private async Task<string?> TryPromoteAsync(EtcdMember by, CancellationToken cancellationToken)
    {
        var id = (await by.MembersAsync(cancellationToken)).Where(one => one.Name == host.Name).Select(one => one.Id).SingleOrDefault();
        return id == 0 ? "it has not started" : await by.TryPromoteAsync(id, cancellationToken);
    }

    /// <summary>etcd refuses a change while it is not sure of its members, and a promotion until the learner has caught up.</summary>
    private async Task UntilDoneAsync(string what, Func<Task<string?>> attempt, CancellationToken cancellationToken)
    {
        var started = cluster.Clock.GetTimestamp();
        while (await attempt() is { } reason)
        {
            if (cluster.Clock.GetElapsedTime(started) > Limit)
            {
                throw new ClusterException($"{host.Name} is not {what} after {Limit.TotalSeconds:0} s: {reason}\nIts log: mk logs {host.Name}/etcd --name {cluster.Paths.Name}");
            }

            await Task.Delay(Poll, cluster.Clock, cancellationToken);
        }
    }
}
