using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Images;
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
            await RunAsync(paths, flags.Spec(result, ClusterSpecFile.Read(paths.State)), console, clock, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(ClusterPaths paths, ClusterSpec spec, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        ClusterSpecFile.Write(paths.State, spec);
        await new StepRunner(console, clock).RunAsync(Stages(paths, spec, clock), cancellationToken);
        var seconds = clock.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var nameFlag = paths.Name == "default" ? "" : $" --name {paths.Name}";
        console.MarkupLineInterpolated($"Cluster [bold]{paths.Name}[/] is up after {seconds} s, at https://127.0.0.1:{spec.Port}. Next:");
        console.WriteLine($"  export KUBECONFIG={paths.Kubeconfig}");
        console.WriteLine($"  kubectl get nodes                                (or ./mk kubectl{nameFlag} get nodes)");
        console.WriteLine("  kubectl create -f manifests/hello/rc.yaml -f manifests/hello/service.yaml");
        console.WriteLine($"  ./mk status{nameFlag}    ./mk logs{nameFlag} controlplane    ./mk down{nameFlag}");
    }

    private static IReadOnlyList<IReadOnlyList<IStep>> Stages(ClusterPaths paths, ClusterSpec spec, TimeProvider clock)
    {
        var host = new Host(paths, SingleHostPlan.HostName, clock);
        var hollow = spec.HollowNodes > 0;
        return
        [
            [new InstallPackages(spec)],
            [new CreateIdentities(paths, spec, clock), .. hollow ? [] : (IStep[])[new BuildImages(paths)]],
            [new BootHost(paths, spec, host, clock)],
            [new WaitForApiServer(paths, spec, clock), .. hollow ? [] : (IStep[])[new LoadImages(paths, new DockerEngine(host, clock), clock)]],
            [new WaitForNodes(paths, spec, clock)],
        ];
    }
}
