using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

using Spectre.Console;
using Spectre.Console.Rendering;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk status</c>: the hosts, their units, who leads, and the nodes. Exit code 1 unless all is well.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("status", "Show hosts, units, who leads, and nodes. The exit code is 0 if all run and all nodes are Ready.");
        var name = new NameOption();
        var watch = new Option<bool>("--watch", "-w") { Description = "Show it again every second." };
        command.Options.Add(name);
        command.Options.Add(watch);
        command.SetAction((result, cancellationToken) =>
        {
            Privileges.RequireRoot("status");
            var paths = name.Paths(result);
            if (ClusterHosts.Find(paths, clock) is not { } cluster)
            {
                console.MarkupLineInterpolated($"There is no cluster {paths.Name}. Make it with: mk up --name {paths.Name}");
                return Task.FromResult(1);
            }

            return result.GetValue(watch) ? WatchAsync(cluster, console, cancellationToken) : ShowAsync(cluster, console, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ShowAsync(ClusterHosts cluster, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var state = await ClusterState.ReadAsync(cluster, cancellationToken);
        console.Write(Render(cluster, state));
        return state.IsWell ? 0 : 1;
    }

    /// <summary>Until the user interrupts it.</summary>
    private static async Task<int> WatchAsync(ClusterHosts cluster, IAnsiConsole console, CancellationToken cancellationToken)
    {
        await console.Live(new Text("")).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                live.UpdateTarget(Render(cluster, await ClusterState.ReadAsync(cluster, cancellationToken)));
                await Task.Delay(Period, cluster.Clock, cancellationToken);
            }
        });
        return 0;
    }

    private static Rows Render(ClusterHosts cluster, ClusterState state)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("HOST", "ADDRESS", "STATE", "UNIT", "PID", "FOR", "RESTARTS", "NOW");
        foreach (var host in state.Hosts)
        {
            AddHost(table, host, cluster.Clock.GetUtcNow());
        }

        var server = $"API server https://127.0.0.1:{cluster.Layout.Spec.Port}";
        IEnumerable<IRenderable> lines =
        [
            new Markup(state.EntryFault is { } fault
                ? $"{server} [red]not ready[/]: {Markup.Escape(fault)}"
                : $"{server} [green]ready[/], {state.Nodes.Count(node => node.Ready)} of {state.Nodes.Count} nodes Ready"),
            .. state.Nodes.Where(node => !node.Ready).Select(node => new Markup($"node {Markup.Escape(node.Name)} [red]not Ready[/]")),
        ];
        return new Rows([table, .. lines]);
    }

    /// <summary>One row a unit; the first has what is said of the host.</summary>
    private static void AddHost(Table table, HostState host, DateTimeOffset now)
    {
        var condition = Colored(host.Condition, host.Condition == "up");
        var remarks = string.Join(", ", host.Remarks.Select(remark => Colored(remark.Text, remark.IsGood)));
        if (host.Units.Count == 0)
        {
            table.AddRow(host.Place.Name, host.Place.Address.ToString(), condition, "", "", "", "", remarks);
        }

        foreach (var (index, unit) in host.Units.Index())
        {
            var isUp = unit.ProcessId > 0;
            var isFirst = index == 0;
            table.AddRow(
                isFirst ? host.Place.Name : "",
                isFirst ? host.Place.Address.ToString() : "",
                isFirst ? condition : "",
                isUp ? unit.Name : $"[red]{unit.Name} down[/]",
                isUp ? unit.ProcessId.ToString(CultureInfo.InvariantCulture) : "",
                string.Create(CultureInfo.InvariantCulture, $"{(int)(now - unit.Since).TotalSeconds} s"),
                unit.Restarts.ToString(CultureInfo.InvariantCulture),
                isFirst ? remarks : "");
        }
    }

    private static string Colored(string text, bool isGood) => $"[{(isGood ? "green" : "red")}]{Markup.Escape(text)}[/]";
}
