using MiniKube.Cluster.Commands;
using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Steps;

namespace MiniKube.Cluster.Demo;

/// <summary>All failures that can be shown, by name. Who is hit is decided when it happens: leaders move.</summary>
internal sealed class FailureMenu(ClusterHosts cluster)
{
    private const string Scheduler = "kube-scheduler";
    private const string Nginx = "nginx";
    private const string RestartMasters = "restart-masters";

    // A busy machine takes its time, and is still no failure.
    private static readonly TimeSpan AsLongAsItTakes = TimeSpan.FromSeconds(30);

    private static readonly string[] Verbs = ["kill", "pause", "cut"];
    private static readonly string[] Victims = ["leading-master", "other-master", Nginx, "etcd-leader", "two-etcd-members", "node"];

    /// <summary>What a talk has time for.</summary>
    public static IReadOnlyList<string> Talk { get; } = ["kill-leading-master", "pause-leading-master", "cut-leading-master", "kill-nginx", "kill-etcd-leader", "kill-two-etcd-members", "kill-node", RestartMasters];

    public static IReadOnlyList<string> All { get; } = [.. from victim in Victims from verb in Verbs select $"{verb}-{victim}", "part-node-from-masters", "part-master-from-etcd", RestartMasters];

    public async Task<Failure> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (name == RestartMasters)
        {
            return new Failure("A clean restart of one master after the other", RestartMastersAsync, _ => Task.CompletedTask) { Patience = AsLongAsItTakes };
        }

        var dash = name.IndexOf('-', StringComparison.Ordinal);
        var (verb, victim) = (name[..dash], name[(dash + 1)..]);
        switch (victim)
        {
            case "leading-master" or "other-master":
                var leader = await LeaderAsync(cancellationToken);
                var master = victim == "leading-master" ? leader : cluster.Layout.Masters.First(other => other.Name != leader).Name;
                return Of(verb, [master], victim == "leading-master" ? "which leads" : "which does not lead") with { LostMaster = master };
            case Nginx:
                return OfNginx(verb);
            case "etcd-leader":
                return Of(verb, [await EtcdLeaderAsync(cancellationToken)], "etcd's leader");
            case "two-etcd-members":
                var first = await EtcdLeaderAsync(cancellationToken);
                return Of(verb, [first, cluster.Layout.EtcdMembers.First(other => other.Name != first).Name], "two of three members of etcd: no majority is left");
            case "node":
                return Of(verb, [cluster.Layout.Nodes[^1].Name], "a node");
            case "node-from-masters":
                return Part(cluster.Layout.Nodes[^1], [cluster.Layout.Entry, .. cluster.Layout.Masters], "all masters");
            case "master-from-etcd":
                var lost = cluster.Layout.Find(await LeaderAsync(cancellationToken));
                return Part(lost, cluster.Layout.EtcdMembers, "all of etcd") with { LostMaster = lost.Name };
            default:
                throw new ClusterException($"There is no failure {name}. There are: {string.Join(", ", All)}");
        }
    }

    private Failure Of(string verb, IReadOnlyList<string> hosts, string what)
    {
        var victims = hosts.Select(cluster.Get).ToList();
        var title = $"{string.Join(" and ", hosts)}, {what}";
        Task Each(Func<Host, Task> action) => Task.WhenAll(victims.Select(action));
        return verb switch
        {
            "kill" => new Failure($"A power cut of {title}", token => Each(host => host.KillAsync(token)), token => Each(host => cluster.BootAsync(host, token))),
            "pause" => new Failure($"A freeze of {title}", _ => Each(Do(host => host.Pause())), _ => Each(Do(host => host.Resume()))),
            _ => new Failure($"The cable pulled out of {title}", token => Each(host => SetCableAsync(host, isPlugged: false, token)), token => Each(host => SetCableAsync(host, isPlugged: true, token))),
        };
    }

    private Failure OfNginx(string verb)
    {
        var host = cluster.Get(ClusterLayout.LoadBalancerName);
        return verb switch
        {
            "kill" => new Failure("kill -9 of nginx, which its supervisor starts again", token => HostActions.Signal("KILL")(host, Nginx, token), _ => Task.CompletedTask),
            "pause" => new Failure("A freeze of the load balancer", _ => Do(one => one.Pause())(host), _ => Do(one => one.Resume())(host)),
            _ => new Failure("The cable pulled out of the load balancer", token => SetCableAsync(host, isPlugged: false, token), token => SetCableAsync(host, isPlugged: true, token)),
        };
    }

    /// <summary>Two of the cluster's hosts do not hear each other, and everybody else hears both.</summary>
    private Failure Part(ClusterHost host, IEnumerable<ClusterHost> others, string what)
    {
        var rules = others.SelectMany(other => (string[])[$"INPUT -s {other.Address} -j DROP", $"OUTPUT -d {other.Address} -j DROP"]).ToList();
        async Task ChangeAsync(string change, CancellationToken cancellationToken)
        {
            foreach (var rule in rules)
            {
                await cluster.Get(host.Name).RunAsync(["iptables", "-w", change, .. rule.Split(' ')], cancellationToken);
            }
        }

        return new Failure($"{host.Name} parted from {what}", token => ChangeAsync("-I", token), token => ChangeAsync("-D", token));
    }

    private async Task RestartMastersAsync(CancellationToken cancellationToken)
    {
        foreach (var master in cluster.With(cluster.Layout.Masters))
        {
            await HostActions.StopAsync(cluster, master, cancellationToken);
            await cluster.BootAsync(master, cancellationToken);
            await new WaitForApiServer(cluster).RunAsync(cancellationToken);
        }
    }

    private static Func<Host, Task> Do(Action<Host> action) => host =>
    {
        action(host);
        return Task.CompletedTask;
    };

    private Task SetCableAsync(Host host, bool isPlugged, CancellationToken cancellationToken) =>
        new Wire(cluster.Paths.MachineName).SetCableAsync(host.Name, isPlugged, cancellationToken);

    private async Task<string> LeaderAsync(CancellationToken cancellationToken)
    {
        using var probe = ApiProbe.OfEntry(cluster);
        return await WaitForAsync(
            async () => (await probe.LeadersAsync(cluster.Clock.GetUtcNow(), cancellationToken)).TryGetValue(Scheduler, out var holder) ? holder.Split('_')[0] : null,
            "Nobody leads the schedulers.",
            cancellationToken);
    }

    private Task<string> EtcdLeaderAsync(CancellationToken cancellationToken) => WaitForAsync(
        async () => (await Task.WhenAll(EtcdMember.All(cluster).Select(member => member.StateAsync(cancellationToken)))).FirstOrDefault(state => state.IsLeader)?.Host,
        "No member of etcd leads.",
        cancellationToken);

    /// <summary>A lease may have just run out: then nobody leads for a moment.</summary>
    private async Task<string> WaitForAsync(Func<Task<string?>> find, string otherwise, CancellationToken cancellationToken)
    {
        string? found = null;
        await Retry.UntilDoneAsync(cluster, async () => (found = await find()) is null ? otherwise : null, reason => reason, cancellationToken);
        return found ?? throw new ClusterException(otherwise);
    }
}
