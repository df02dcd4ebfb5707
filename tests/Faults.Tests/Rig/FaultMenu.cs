using MiniKube.Faults.Tests.Load;
using MiniKube.TestSupport;

namespace MiniKube.Faults.Tests.Rig;

/// <summary>All faults that a seed may draw.</summary>
internal sealed class FaultMenu(FaultCluster cluster, IReadOnlyList<Watcher> watchers, Random random)
{
    public IReadOnlyList<Func<Task<Fault>>> All =>
    [
        () => KillServer(), () => PauseServer(), () => KillMember(isLeader: true), () => KillMember(isLeader: false), () => PauseMember(isLeader: true),
        () => PauseMember(isLeader: false), () => KillAllMembers(), () => PauseAllMembers(), () => CutFromLeader(), () => MoveLeader(), () => CompactUnseen(), () => FillDisk(),
        () => MoveClock(),
    ];

    private int AnyServer => random.Next(FaultCluster.Servers);

    private Task<Fault> KillServer()
    {
        var number = AnyServer;
        var server = cluster.ApiServers[number];
        return Task.FromResult(new Fault($"kill apiserver {number}", server.KillAsync, () => StartAsync(server)) { Server = number });
    }

    private Task<Fault> PauseServer()
    {
        var number = AnyServer;
        var server = cluster.ApiServers[number];
        return Task.FromResult(new Fault($"pause apiserver {number}", () => Do(server.Process.Pause), () => Do(server.Process.Resume)) { Server = number });
    }

    private async Task<Fault> KillMember(bool isLeader)
    {
        var member = cluster.Etcd.Members[await PickAsync(isLeader)];
        return new Fault($"kill {member.Name} ({Role(isLeader)})", member.KillAsync, () => Do(member.Start));
    }

    private async Task<Fault> PauseMember(bool isLeader)
    {
        var member = cluster.Etcd.Members[await PickAsync(isLeader)];
        return new Fault($"pause {member.Name} ({Role(isLeader)})", () => Do(member.Pause), () => Do(member.Resume)) { IsSilent = true };
    }

    private Task<Fault> KillAllMembers() => Ready(
        "kill all of etcd",
        () => Task.WhenAll(cluster.Etcd.Members.Select(member => member.KillAsync())),
        () => Do(() => cluster.Etcd.Members.ToList().ForEach(member => member.Start())));

    private Task<Fault> PauseAllMembers() => Task.FromResult(new Fault(
        "pause all of etcd",
        () => Do(() => cluster.Etcd.Members.ToList().ForEach(member => member.Pause())),
        () => Do(() => cluster.Etcd.Members.ToList().ForEach(member => member.Resume()))) { IsSilent = true });

    private async Task<Fault> CutFromLeader()
    {
        var server = AnyServer;
        var leader = await PickAsync(isLeader: true);
        var wire = cluster.Wires[server][leader];
        return new Fault(
            $"cut apiserver {server} from {cluster.Etcd.Members[leader].Name} (leader)",
            () => Do(() => (wire.LoseRequests, wire.LoseAnswers) = (true, true)),
            () => Do(() => (wire.LoseRequests, wire.LoseAnswers) = (false, false))) { IsSilent = true };
    }

    private async Task<Fault> MoveLeader()
    {
        var leader = await PickAsync(isLeader: true);
        var to = await cluster.Etcdctl.MemberIdAsync(await PickAsync(isLeader: false));
        return new Fault("move etcd's leader", () => cluster.Etcdctl.RunAsync(leader, "move-leader", to ?? ""), () => Task.CompletedTask);
    }

    // Watchers that are away while history is forgotten come back to a server that may have to say so.
    private async Task<Fault> CompactUnseen()
    {
        var leader = await PickAsync(isLeader: true);
        return new Fault(
            "compact while watchers are away",
            async () =>
            {
                watchers.ToList().ForEach(watcher => watcher.Disconnect());
                var revision = await cluster.Etcdctl.RevisionAsync(leader);
                await cluster.Etcdctl.RunAsync(leader, "compact", $"{revision}");
            },
            () => Do(() => watchers.ToList().ForEach(watcher => watcher.Reconnect())));
    }

    // etcd ends when it cannot write its log.
    private Task<Fault> FillDisk()
    {
        var member = cluster.Etcd.Members[FaultCluster.DiskOwner];
        return Ready($"fill the disk of {member.Name}", () => Do(cluster.Disk.Fill), async () =>
        {
            cluster.Disk.Free();
            await member.KillAsync();
            member.Start();
        });
    }

    private Task<Fault> MoveClock()
    {
        var offset = random.Next(2) == 0 ? "+1h" : "-1h";
        return Ready($"move the clock of apiserver {FaultCluster.ClockOwner} by {offset}", () => Do(() => cluster.SetClock(offset)), () => Do(() => cluster.SetClock("+0")));
    }

    private async Task<int> PickAsync(bool isLeader)
    {
        var leader = await Eventually.GetAsync(
            _ => cluster.Etcdctl.LeaderAsync(), found => found is not null, TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        return isLeader ? leader!.Value : (leader!.Value + 1 + random.Next(2)) % 3;
    }

    private static Task StartAsync(ApiServerProcess server)
    {
        server.Start();
        return server.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
    }

    private static string Role(bool isLeader) => isLeader ? "leader" : "follower";

    private static Task<Fault> Ready(string name, Func<Task> inject, Func<Task> heal) => Task.FromResult(new Fault(name, inject, heal));

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
