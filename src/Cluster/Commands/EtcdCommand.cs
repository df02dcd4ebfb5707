using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Shell;
using MiniKube.Cluster.Steps;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk etcd health|replace</c>: the members of a cluster's etcd.</summary>
internal static class EtcdCommand
{
    private const double Megabyte = 1024 * 1024;

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("etcd", "Look after the members of a cluster's etcd.");
        var name = new NameOption { Recursive = true };
        command.Options.Add(name);

        var health = new Command("health", "Show each member: whether it takes part, who leads, how far it is. The exit code is 0 if all are healthy.");
        health.SetAction((result, cancellationToken) =>
        {
            Privileges.RequireRoot("etcd health");
            return ShowHealthAsync(ClusterHosts.Of(name.Paths(result), clock), console, cancellationToken);
        });
        command.Subcommands.Add(health);

        var replace = new Command("replace", "Replace a member by an empty one: it is removed, added as a learner, and promoted when it has caught up.");
        var member = new Argument<string>("member") { Description = "The member, which is called as its host: etcd2." };
        replace.Arguments.Add(member);
        replace.SetAction(async (result, cancellationToken) =>
        {
            Privileges.RequireRoot("etcd replace");
            var cluster = ClusterHosts.Of(name.Paths(result), clock);
            using var exclusive = ClusterLock.Take(cluster.Paths);
            await new StepRunner(console, clock).RunAsync([[new ReplaceEtcdMember(cluster, Member(cluster, result.GetRequiredValue(member)))]], cancellationToken);
            return 0;
        });
        command.Subcommands.Add(replace);
        return command;
    }

    private static Host Member(ClusterHosts cluster, string name) => cluster.Layout.Find(name).Is(HostRoles.Etcd)
        ? cluster.Get(name)
        : throw new ClusterException($"Host {name} is no member of etcd.");

    private static async Task<int> ShowHealthAsync(ClusterHosts cluster, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var members = await Task.WhenAll(EtcdMember.All(cluster).Select(async member =>
            (State: await member.StateAsync(cancellationToken), Fault: await member.WhyNotHealthyAsync(cancellationToken))));
        if (members.Length == 0)
        {
            throw new ClusterException($"Cluster {cluster.Paths.Name} has no etcd: its store is in the API server.");
        }

        var table = new Table().Border(TableBorder.None).AddColumns("MEMBER", "ID", "HEALTH", "ROLE", "VERSION", "SIZE", "REVISION", "RAFT INDEX");
        foreach (var (state, fault) in members)
        {
            var answered = state.Id != 0;
            table.AddRow(
                state.Host,
                answered ? state.Id.ToString("x", CultureInfo.InvariantCulture) : "",
                fault is null ? "[green]healthy[/]" : $"[red]unhealthy[/]: {Markup.Escape(fault)}",
                !answered ? "" : state.IsLeader ? "leader" : state.IsLearner ? "learner" : "follower",
                state.Version,
                answered ? (state.DatabaseSize / Megabyte).ToString("0.0 MB", CultureInfo.InvariantCulture) : "",
                answered ? state.Revision.ToString(CultureInfo.InvariantCulture) : "",
                answered ? state.RaftIndex.ToString(CultureInfo.InvariantCulture) : "");
        }

        console.Write(table);
        return members.All(member => member.Fault is null) ? 0 : 1;
    }
}
