using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Control;

/// <summary>A whole cluster as it is now: its hosts, who leads, and its nodes.</summary>
/// <param name="Hosts">In the layout's order.</param>
/// <param name="EntryFault">Why the way that users go leads to no API server that is ready; null if it does.</param>
/// <param name="Nodes">As any API server that is ready knows them.</param>
internal sealed record ClusterState(IReadOnlyList<HostState> Hosts, string? EntryFault, IReadOnlyList<NodeState> Nodes)
{
    private static readonly (string Lease, string Text)[] Leaderships = [("kube-scheduler", "scheduler leads"), ("kube-controller-manager", "controller manager leads")];

    public bool IsWell => EntryFault is null && Hosts.All(host => host.IsWell) && Nodes.Count > 0 && Nodes.All(node => node.Ready);

    public static async Task<ClusterState> ReadAsync(ClusterHosts cluster, CancellationToken cancellationToken)
    {
        var cut = new Wire(cluster.Paths.MachineName).CutHostsAsync(cancellationToken);
        var etcd = Task.WhenAll(EtcdMember.All(cluster).Select(member => member.StateAsync(cancellationToken)));
        var masters = Task.WhenAll(cluster.With(cluster.Layout.Masters).Select(master => MasterFaultAsync(cluster, master, cancellationToken)));
        using var entry = ApiProbe.OfEntry(cluster);
        var entryFault = await entry.WhyNotReadyAsync(cancellationToken);
        var faults = (await masters).ToDictionary(StringComparer.Ordinal);
        var (leaders, nodes) = await AskAsync(cluster, entryFault is null ? entry : null, faults, cancellationToken);
        var members = (await etcd).ToDictionary(member => member.Host, StringComparer.Ordinal);
        var cutHosts = await cut;
        var hosts = cluster.Layout.Hosts.Select(place => Describe(cluster, place, cutHosts.Contains(place.Name), [.. Remarks(place, members, faults, leaders)]));
        return new ClusterState([.. hosts], entryFault, nodes);
    }

    private static async Task<KeyValuePair<string, string?>> MasterFaultAsync(ClusterHosts cluster, Host master, CancellationToken cancellationToken)
    {
        if (master.ProcessId is null)
        {
            return new(master.Name, "the host is down");
        }

        using var probe = ApiProbe.OfMaster(cluster, master);
        return new(master.Name, await probe.WhyNotReadyAsync(cancellationToken));
    }

    /// <summary>By the way that users go, or else by any API server that is ready.</summary>
    private static async Task<(IReadOnlyDictionary<string, string> Leaders, IReadOnlyList<NodeState> Nodes)> AskAsync(
        ClusterHosts cluster, ApiProbe? entry, Dictionary<string, string?> masterFaults, CancellationToken cancellationToken)
    {
        if (entry is not null)
        {
            return await AskAsync(cluster, entry, cancellationToken);
        }

        if (masterFaults.Where(fault => fault.Value is null).Select(fault => fault.Key).FirstOrDefault() is not { } master)
        {
            return (new Dictionary<string, string>(), []);
        }

        using var direct = ApiProbe.OfMaster(cluster, cluster.Get(master));
        return await AskAsync(cluster, direct, cancellationToken);
    }

    private static async Task<(IReadOnlyDictionary<string, string> Leaders, IReadOnlyList<NodeState> Nodes)> AskAsync(
        ClusterHosts cluster, ApiProbe probe, CancellationToken cancellationToken) =>
        (await probe.LeadersAsync(cluster.Clock.GetUtcNow(), cancellationToken), await probe.NodesAsync(cancellationToken));

    private static HostState Describe(ClusterHosts cluster, ClusterHost place, bool isCut, IReadOnlyList<(string Text, bool IsGood)> remarks)
    {
        var host = cluster.Get(place.Name);
        return host.ProcessId is null
            ? new HostState(place, "down", [], [])
            : new HostState(place, host.IsPaused ? "paused" : isCut ? "cut" : "up", UnitStatus.ReadAll(host), remarks);
    }

    private static IEnumerable<(string Text, bool IsGood)> Remarks(
        ClusterHost place, Dictionary<string, EtcdMemberState> members, Dictionary<string, string?> masterFaults, IReadOnlyDictionary<string, string> leaders)
    {
        if (members.TryGetValue(place.Name, out var member))
        {
            yield return member switch
            {
                { IsHealthy: true, IsLeader: true } => ("etcd leads", true),
                { IsHealthy: true } => (member.IsLearner ? "etcd learns" : "etcd follows", true),
                _ => ($"etcd: {member.Fault ?? "no leader"}", false),
            };
        }

        if (masterFaults.TryGetValue(place.Name, out var fault))
        {
            yield return fault is null ? ("API server ready", true) : ($"API server not ready: {fault}", false);
            foreach (var (lease, text) in Leaderships)
            {
                // A candidate is called HOST_UUID.
                if (leaders.TryGetValue(lease, out var holder) && holder.StartsWith(place.Name + "_", StringComparison.Ordinal))
                {
                    yield return (text, true);
                }
            }
        }
    }
}
