using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Images;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>
/// Stops what runs on hosts, in the order in which each still has those whom it needs to say goodbye to: pods, then what gives back leases and endpoints to etcd, then etcd.
/// The hosts stay up, with nothing on them.
/// </summary>
internal sealed class ShutDown(IReadOnlyList<Host> hosts, TimeProvider clock) : IStep
{
    /// <summary>How long a unit may take, as <c>sv -w</c> takes it: an API server that stops serves on for its delay and then drains.</summary>
    public const string Seconds = "90";

    private const string Kubelet = "kubelet";

    public string Title => "Units stopped";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var up = hosts.Where(host => host.ProcessId is not null).ToList();
        await Task.WhenAll(up.Select(host => host.WakeAsync(cancellationToken)));
        await Task.WhenAll(up.Select(host => StopPodsAsync(host, cancellationToken)));
        await Task.WhenAll(up.Select(host => StopUnitsAsync(host, unit => unit != EtcdPlan.UnitName, cancellationToken)));
        await Task.WhenAll(up.Select(host => StopUnitsAsync(host, unit => unit == EtcdPlan.UnitName, cancellationToken)));
        return null;
    }

    /// <summary>The kubelet first: it would start again what stops, and report as failed what is to go on after the next boot.</summary>
    private async Task StopPodsAsync(Host host, CancellationToken cancellationToken)
    {
        await StopUnitsAsync(host, unit => unit == Kubelet, cancellationToken);
        var docker = new DockerEngine(host, clock);
        if (File.Exists(host.DockerSocket) && await docker.AnswersAsync(cancellationToken))
        {
            await docker.StopContainersAsync(cancellationToken);
        }
    }

    private static async Task StopUnitsAsync(Host host, Func<string, bool> isMeant, CancellationToken cancellationToken)
    {
        var units = UnitStatus.Names(host).Where(isMeant).Select(unit => $"/run/service/{unit}").ToList();
        if (units.Count > 0)
        {
            await host.RunAsync(["sv", "-w", Seconds, "force-stop", .. units], cancellationToken);
        }
    }
}
