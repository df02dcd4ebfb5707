using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk kill|stop|start|restart|pause|resume|cut|heal HOST[/UNIT]</c>: what happens to machines and to what runs on them.</summary>
internal static class HostActions
{
    // An API server that stops serves on for its delay and then drains.
    private const string StopSeconds = "90";

    private delegate Task HostAction(ClusterHosts cluster, Host host, CancellationToken cancellationToken);

    private delegate Task UnitAction(Host host, string unit, CancellationToken cancellationToken);

    public static IEnumerable<Command> Create(TimeProvider clock) =>
    [
        Create("kill", "Kill a host, as a power cut does, or a unit's process with SIGKILL: its supervisor starts it again.", KillAsync, Signal("KILL"), clock),
        Create("stop", "Stop a host's units cleanly and then the host, or one unit.", StopAsync, Supervise("down"), clock),
        Create("start", "Boot a host that is down, with the disk that it had, or start a unit.", StartAsync, Supervise("up"), clock),
        Create("restart", "Stop cleanly and start again.", RestartAsync, Supervise("restart"), clock),
        Create("pause", "Freeze a host with all that runs on it, or a unit's process.", (_, host, _) => Do(host.Pause), Signal("STOP"), clock),
        Create("resume", "Let a paused host, or a paused unit, go on.", (_, host, _) => Do(host.Resume), Signal("CONT"), clock),
        Create("cut", "Pull a host's network cable.", (cluster, host, cancellationToken) => SetCableAsync(cluster, host, isPlugged: false, cancellationToken), null, clock),
        Create("heal", "Plug it in again.", (cluster, host, cancellationToken) => SetCableAsync(cluster, host, isPlugged: true, cancellationToken), null, clock),
    ];

    /// <summary>The host and, after a slash, the unit.</summary>
    internal static (string Host, string? Unit) Split(string target) =>
        target.IndexOf('/') is >= 0 and var slash ? (target[..slash], target[(slash + 1)..]) : (target, null);

    private static Command Create(string verb, string description, HostAction onHost, UnitAction? onUnit, TimeProvider clock)
    {
        var command = new Command(verb, description);
        var name = new NameOption();
        var target = new Argument<string>(onUnit is null ? "host" : "host[/unit]") { Description = "As mk status shows them: master1, master1/apiserver." };
        command.Options.Add(name);
        command.Arguments.Add(target);
        command.SetAction(async (result, cancellationToken) =>
        {
            Privileges.RequireRoot(verb);
            var cluster = ClusterHosts.Of(name.Paths(result), clock);
            var (hostName, unit) = Split(result.GetRequiredValue(target));
            var host = cluster.Get(hostName);
            await (unit is null ? onHost(cluster, host, cancellationToken)
                : onUnit is null ? throw new ClusterException($"mk {verb} is for hosts: a unit has no cable.")
                : onUnit(host, Known(host, unit), cancellationToken));
            return 0;
        });
        return command;
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

    private static async Task StopAsync(ClusterHosts cluster, Host host, CancellationToken cancellationToken)
    {
        await host.RunAsync(["sv", "-w", StopSeconds, "force-stop", .. UnitStatus.Names(host).Select(unit => $"/run/service/{unit}")], cancellationToken);
        await host.KillAsync(cancellationToken);
    }

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
        host.RunAsync(["sv", "-w", StopSeconds, verb, $"/run/service/{unit}"], cancellationToken);

    private static UnitAction Signal(string signal) => (host, unit, cancellationToken) => UnitStatus.Read(host, unit).ProcessId is > 0 and var process
        ? host.RunAsync(["kill", $"-{signal}", process.ToString(CultureInfo.InvariantCulture)], cancellationToken)
        : throw new ClusterException($"Unit {unit} of host {host.Name} does not run.");
}
