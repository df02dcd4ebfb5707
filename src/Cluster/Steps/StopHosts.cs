using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Images;

namespace MiniKube.Cluster.Steps;

/// <summary>Ends every host of a cluster, and the wire between them.</summary>
/// <param name="paths">The cluster's.</param>
/// <param name="keepPods">Whether their disks keep the containers, for the next boot.</param>
/// <param name="clock">For how long each may take.</param>
internal sealed class StopHosts(ClusterPaths paths, bool keepPods, TimeProvider clock) : IStep
{
    private const string Kubelet = "kubelet";

    public string Title => "Hosts stopped";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(paths.Folder, "hosts");
        var hosts = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(host => new Host(paths, Path.GetFileName(host), clock)).ToList() : [];
        await Task.WhenAll(hosts.Select(host => StopAsync(host, cancellationToken)));
        await new Wire(paths.MachineName).DeleteAsync(cancellationToken);
        new Cgroups(paths.MachineName).Remove("");
        return hosts.Count == 0 ? "there were none" : null;
    }

    private async Task StopAsync(Host host, CancellationToken cancellationToken)
    {
        if (host.ProcessId is not null)
        {
            await host.WakeAsync(cancellationToken);
        }

        if (!keepPods && host.ProcessId is not null && File.Exists(host.DockerSocket))
        {
            var docker = new DockerEngine(host, clock);
            if (await docker.AnswersAsync(cancellationToken))
            {
                // It would make the containers of its pods again as fast as they are removed.
                await host.RunAsync(["sv", "-w", "20", "force-stop", Kubelet], cancellationToken);
                await docker.RemoveContainersAsync(cancellationToken);
            }
        }

        await host.KillAsync(cancellationToken);
    }
}
