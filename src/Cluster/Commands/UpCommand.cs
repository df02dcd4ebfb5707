using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Shell;
using MiniKube.Cluster.Steps;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk up</c>: makes a cluster, or starts again what of it is down.</summary>
internal static class UpCommand
{
    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("up", "Make a cluster, or start it again.");
        var name = new NameOption();
        command.Options.Add(name);
        var flags = new UpFlags(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            Privileges.RequireRoot("up");
            var paths = name.Paths(result);
            using var exclusive = ClusterLock.Take(paths);
            ClusterSpecFile.Write(paths.State, flags.Spec(result, ClusterSpecFile.Read(paths.State)));
            await RunAsync(ClusterHosts.Of(paths, clock), console, cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>Brings up what of a cluster is down, be it all of it, and waits until all is well.</summary>
    public static async Task RunAsync(ClusterHosts cluster, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var (paths, spec, clock) = (cluster.Paths, cluster.Layout.Spec, cluster.Clock);
        var started = clock.GetTimestamp();
        await new StepRunner(console, clock).RunAsync(spec.Bare ? BareStages(cluster) : Stages(cluster), cancellationToken);
        var seconds = clock.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var nameFlag = paths.Name == "default" ? "" : $" --name {paths.Name}";
        if (spec.Bare)
        {
            console.WriteLine($"The hosts are up after {seconds} s: {string.Join(", ", cluster.All.Select(host => host.Name))}. A shell on one: ./mk host{nameFlag} {cluster.Layout.Hosts[0].Name}");
            return;
        }

        console.MarkupLineInterpolated($"Cluster [bold]{paths.Name}[/] is up after {seconds} s, at https://127.0.0.1:{spec.Port}. Next:");
        console.WriteLine($"  export KUBECONFIG={paths.Kubeconfig}");
        console.WriteLine($"  kubectl get nodes                                (or ./mk kubectl{nameFlag} get nodes)");
        console.WriteLine("  kubectl create -f manifests/hello/rc.yaml -f manifests/hello/service.yaml");
        console.WriteLine($"  ./mk status{nameFlag}    ./mk logs{nameFlag} {MasterPlan.ServingUnit(cluster.Layout)}    ./mk down{nameFlag}");
    }

    private static IReadOnlyList<IReadOnlyList<IStep>> BareStages(ClusterHosts cluster) =>
    [
        [new InstallPackages(cluster.Layout.Spec)],
        [new LayWire(cluster.Paths), new BuildImages(cluster.Paths)],
        [.. cluster.All.Select(host => new BootHost(cluster, host))],
    ];

    private static IReadOnlyList<IReadOnlyList<IStep>> Stages(ClusterHosts cluster)
    {
        var (paths, layout, clock) = (cluster.Paths, cluster.Layout, cluster.Clock);
        var withDocker = cluster.With(layout.Nodes.Where(node => node.HasDocker)).ToList();
        return
        [
            [new InstallPackages(layout.Spec)],
            [new CreateIdentities(paths, layout.Spec, clock), new LayWire(paths), .. withDocker.Count > 0 ? (IStep[])[new BuildImages(paths)] : []],
            [.. cluster.All.Select(host => new BootHost(cluster, host))],
            [new WaitForApiServer(cluster), new ApplyManifests(cluster), .. layout.Hosts.Any(layout.HasOverlay) ? (IStep[])[new ConfigureOverlay(cluster)] : [], .. withDocker.Select(host => new LoadImages(paths, host, clock))],
            [new WaitForNodes(cluster)],
        ];
    }
}
