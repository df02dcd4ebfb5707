using System.CommandLine;

using MiniKube.Cluster.Demo;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk demo ha</c>: lets a highly available cluster fail in every way while clients work, and tells what they see.</summary>
internal static class DemoCommand
{
    private const int FewestEtcdMembers = 3;

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("demo", "Show what a cluster can do.");
        var name = new NameOption { Recursive = true };
        command.Options.Add(name);
        var ha = new Command("ha", "Let failures happen while clients work: what is lost, who takes over, how many requests fail. Exit code 1 if anything is lost.");
        var only = new Option<string[]>("--only")
        {
            Description = $"The failures, instead of those for a talk: {string.Join(", ", FailureMenu.All)}.",
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        };
        only.Validators.Add(result =>
        {
            if (result.Tokens.SelectMany(token => token.Value.Split(',')).Except(FailureMenu.All, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            {
                result.AddError($"There is no failure {unknown}.");
            }
        });
        var all = new Option<bool>("--all") { Description = "Every failure there is: it takes a quarter of an hour." };
        var journal = new Option<string?>("--journal") { Description = "A folder for files of all that clients asked and were told, a failure each." };
        ha.Options.Add(only);
        ha.Options.Add(all);
        ha.Options.Add(journal);
        ha.SetAction(async (result, cancellationToken) =>
        {
            Privileges.RequireRoot("demo ha");
            var cluster = ClusterHosts.Of(name.Paths(result), clock);
            if (cluster.Layout.LoadBalancer is null || cluster.Layout.EtcdMembers.Count < FewestEtcdMembers)
            {
                throw new ClusterException("The demo needs two masters and three members of etcd: mk up --masters 2 --etcd 3 --nodes 2 --fast-failover");
            }

            var names = result.GetValue(all) ? FailureMenu.All : result.GetValue(only) is { Length: > 0 } given ? given : FailureMenu.Talk;
            var demo = new FailureDemo(cluster, console, result.GetValue(journal) is { } folder ? new LoadJournal(folder) : null);
            return await demo.RunAsync(names, cancellationToken) ? 0 : 1;
        });
        command.Subcommands.Add(ha);
        return command;
    }
}
