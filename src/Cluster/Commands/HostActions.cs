using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;
using MiniKube.Cluster.Steps;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk kill|stop|start|restart|pause|resume|cut|heal HOST[/UNIT]</c>: what happens to machines and to what runs on them.</summary>
internal static class HostActions
{
    private delegate Task ClusterAction(ClusterHosts cluster, CancellationToken cancellationToken);

    private delegate Task HostAction(ClusterHosts cluster, Host host, CancellationToken cancellationToken);

    internal delegate Task UnitAction(Host host, string unit, CancellationToken cancellationToken);

    public static IEnumerable<Command> Create(IAnsiConsole console, TimeProvider clock) => Verbs(console).Select(verb => Create(verb, clock));

    private static IEnumerable<HostVerb> Verbs(IAnsiConsole console) =>
    [
        new("kill", "Kill a host, as a power cut does, or a unit's process with SIGKILL: its supervisor starts it again.", KillAsync, Signal("KILL")),
        new("stop", "Stop the whole cluster cleanly, a host, or one unit. mk start brings it back.", StopAsync, Supervise("down"))
        {
            OnCluster = (cluster, cancellationToken) => StopAllAsync(cluster, console, cancellationToken),
        },
        new("start", "Start a cluster that was stopped, or fell, with the disks that its hosts had; or boot one host, or start a unit.", StartAsync, Supervise("up"))
        {
            OnCluster = (cluster, cancellationToken) => UpCommand.RunAsync(cluster, console, cancellationToken),
        },
        new("restart", "Stop cleanly and start again.", RestartAsync, Supervise("restart")),
        new("pause", "Freeze a host with all that runs on it, or a unit's process.", (_, host, _) => Do(host.Pause), Signal("STOP")),
        new("resume", "Let a paused host, or a paused unit, go on.", (_, host, _) => Do(host.Resume), Signal("CONT")),
        new("cut", "Pull a host's network cable.", (cluster, host, cancellationToken) => SetCableAsync(cluster, host, isPlugged: false, cancellationToken), null),
        new("heal", "Plug it in again.", (cluster, host, cancellationToken) => SetCableAsync(cluster, host, isPlugged: true, cancellationToken), null),
    ];

    /// <summary>The host and, after a slash, the unit.</summary>
    internal static (string Host, string? Unit) Split(string target) =>
        target.IndexOf('/') is >= 0 and var slash ? (target[..slash], target[(slash + 1)..]) : (target, null);

    private static Command Create(HostVerb verb, TimeProvider clock)
    {
        var command = new Command(verb.Name, verb.Description);
        var name = new NameOption();
        var target = new Argument<string?>(verb.OnUnit is null ? "host" : "host[/unit]")
        {
            Description = $"As mk status shows them: master1, master1/apiserver.{(verb.OnCluster is null ? "" : " Without one: all.")}",
            Arity = verb.OnCluster is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        command.Options.Add(name);
        command.Arguments.Add(target);
        command.SetAction(async (result, cancellationToken) =>
        {
            Privileges.RequireRoot(verb.Name);
            var cluster = ClusterHosts.Of(name.Paths(result), clock);
            if (result.GetValue(target) is { Length: > 0 } given)
            {
                await ActAsync(verb, cluster, given, cancellationToken);
            }
            else if (verb.OnCluster is { } onCluster)
            {
                using var exclusive = ClusterLock.Take(cluster.Paths);
                await onCluster(cluster, cancellationToken);
            }

            return 0;
        });
        return command;
    }

    private static Task ActAsync(HostVerb verb, ClusterHosts cluster, string target, CancellationToken cancellationToken)
    {
        var (hostName, unit) = Split(target);
        var host = cluster.Get(hostName);
        return unit is null ? verb.OnHost(cluster, host, cancellationToken)
            : verb.OnUnit is null ? throw new ClusterException($"mk {verb.Name} is for hosts: a unit has no cable.")
            : verb.OnUnit(host, Known(host, unit), cancellationToken);
    }

    private static string Known(Host host, string unit) => UnitStatus.Names(host) is var units && units.Contains(unit)
        ? unit
        : throw new ClusterException($"Host {host.Name} has no unit {unit}. It has: {string.Join(", ", units)}");

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static Task KillAsync(ClusterHosts cluster, Host host, CancellationToken cancellationToken)
    {
        host.RequireUp();
        return host.KillAsync(cancellationToken);
    }

    internal static async Task StopAsync(ClusterHosts cluster, Host host, CancellationToken cancellationToken)
    {
        host.RequireUp();
        await new ShutDown([host], cluster.Clock).RunAsync(cancellationToken);
        await host.KillAsync(cancellationToken);
    }

    /// <summary>Nothing runs on, and nothing of it is left on the machine but its files.</summary>
    private static Task StopAllAsync(ClusterHosts cluster, IAnsiConsole console, CancellationToken cancellationToken) => new StepRunner(console, cluster.Clock).RunAsync(
        [[new ShutDown([.. cluster.All], cluster.Clock)], [new StopHosts(cluster.Paths, keepPods: true, cluster.Clock)]], cancellationToken);

    private static Task StartAsync(ClusterHosts cluster, Host host, CancellationToken cancellationToken) => host.ProcessId is null
        ? cluster.BootAsync(host, cancellationToken)
        : throw new ClusterException($"Host {host.Name} is up already.");

    private static async Task RestartAsync(ClusterHosts cluster, Host host, CancellationToken cancellationToken)
    {
        await StopAsync(cluster, host, cancellationToken);
        await cluster.BootAsync(host, cancellationToken);
    }

    private static Task SetCableAsync(ClusterHosts cluster, Host host, bool isPlugged, CancellationToken cancellationToken)
    {
        host.RequireUp();
        return new Wire(cluster.Paths.MachineName).SetCableAsync(host.Name, isPlugged, cancellationToken);
    }

    private static UnitAction Supervise(string verb) => (host, unit, cancellationToken) =>
        host.RunAsync(["sv", "-w", ShutDown.Seconds, verb, $"/run/service/{unit}"], cancellationToken);

    internal static UnitAction Signal(string signal) => (host, unit, cancellationToken) => UnitStatus.Read(host, unit).ProcessId is > 0 and var process
        ? host.RunAsync(["kill", $"-{signal}", process.ToString(CultureInfo.InvariantCulture)], cancellationToken)
        : throw new ClusterException($"Unit {unit} of host {host.Name} does not run.");

    /// <summary>A verb, and what it does to a host, to a unit (null: nothing) and to the whole cluster (null: a host must be named).</summary>
    private sealed record HostVerb(string Name, string Description, HostAction OnHost, UnitAction? OnUnit)
    {
        public ClusterAction? OnCluster { get; init; }
    }
}
