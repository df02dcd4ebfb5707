using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Shell;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk status</c>: the hosts, their units and the nodes. Exit code 1 unless all is well.</summary>
internal static class StatusCommand
{
    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("status", "Show hosts, units and nodes. The exit code is 0 if all run and all nodes are Ready.");
        var name = new NameOption();
        command.Options.Add(name);
        command.SetAction((result, cancellationToken) =>
        {
            Privileges.RequireRoot("status");
            return RunAsync(name.Paths(result), console, clock, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ClusterPaths paths, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (ClusterSpecFile.Read(paths.State) is not { } spec)
        {
            console.MarkupLineInterpolated($"There is no cluster {paths.Name}. Make it with: mk up --name {paths.Name}");
            return 1;
        }

        var units = ShowHost(new Host(paths, SingleHostPlan.HostName, clock), console, clock);
        var nodes = await ShowNodesAsync(paths, spec, console, clock, cancellationToken);
        return units && nodes ? 0 : 1;
    }

    private static bool ShowHost(Host host, IAnsiConsole console, TimeProvider clock)
    {
        if (host.ProcessId is not { } pid)
        {
            console.MarkupLineInterpolated($"host {host.Name} [red]down[/]");
            return false;
        }

        console.MarkupLineInterpolated($"host {host.Name} [green]up[/], pid {pid}");
        var table = new Table().Border(TableBorder.None).AddColumns("UNIT", "STATE", "PID", "FOR", "RESTARTS");
        var units = UnitStatus.ReadAll(host);
        foreach (var unit in units)
        {
            var up = unit.ProcessId > 0;
            table.AddRow(
                unit.Name,
                up ? "[green]run[/]" : "[red]down[/]",
                up ? unit.ProcessId.ToString(CultureInfo.InvariantCulture) : "",
                ((int)(clock.GetUtcNow() - unit.Since).TotalSeconds).ToString(CultureInfo.InvariantCulture) + " s",
                unit.Restarts.ToString(CultureInfo.InvariantCulture));
        }

        console.Write(table);
        return units.All(unit => unit.ProcessId > 0);
    }

    private static async Task<bool> ShowNodesAsync(ClusterPaths paths, ClusterSpec spec, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var probe = new ApiProbe(spec.Port, ClusterPki.LoadOrCreate(paths.Pki, clock.GetUtcNow()));
        if (await probe.WhyNotReadyAsync(cancellationToken) is { } reason)
        {
            console.MarkupLineInterpolated($"API server https://127.0.0.1:{spec.Port} [red]not ready[/]: {reason}");
            return false;
        }

        var nodes = await probe.NodesAsync(cancellationToken);
        console.MarkupLineInterpolated($"API server https://127.0.0.1:{spec.Port} [green]ready[/], {nodes.Count(node => node.Ready)} of {nodes.Count} nodes Ready");
        foreach (var node in nodes.Where(node => !node.Ready))
        {
            console.MarkupLineInterpolated($"node {node.Name} [red]not Ready[/]");
        }

        return nodes.Count > 0 && nodes.All(node => node.Ready);
    }
}
