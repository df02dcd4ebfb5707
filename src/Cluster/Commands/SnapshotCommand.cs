using System.CommandLine;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Shell;
using MiniKube.Cluster.Steps;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk snapshot save|restore FILE</c>: all objects of a cluster, as they are at one moment, in a file; and back.</summary>
internal static class SnapshotCommand
{
    // On the host's own disk, which both sides see.
    private const string HostFile = "/var/lib/minikube/snapshot";

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("snapshot", "Save or restore the objects of a cluster.");
        var name = new NameOption { Recursive = true };
        command.Options.Add(name);
        command.Subcommands.Add(Create(name, "save", "Write all objects, as they are at one moment, to a file. The cluster goes on meanwhile.", async (paths, file, cancellationToken) =>
        {
            var host = FirstMaster(ClusterHosts.Of(paths, clock));
            console.WriteLine((await host.RunAsync(ApiServer("save"), cancellationToken)).Trim());
            File.Move(OnDisk(host), file, overwrite: true);
        }));
        command.Subcommands.Add(Create(
            name,
            "restore", "Make the cluster hold what the file does. The control plane is stopped for that; pods run on.", (paths, file, cancellationToken) =>
                RestoreAsync(paths, file, console, clock, cancellationToken)));
        return command;
    }

    private static Command Create(NameOption cluster, string name, string description, Func<ClusterPaths, string, CancellationToken, Task> act)
    {
        var command = new Command(name, description);
        var file = new Argument<string>("file") { Description = "The snapshot." };
        command.Arguments.Add(file);
        command.SetAction((result, cancellationToken) =>
        {
            Privileges.RequireRoot($"snapshot {name}");
            return act(cluster.Paths(result), Path.GetFullPath(result.GetRequiredValue(file)), cancellationToken);
        });
        return command;
    }

    private static async Task RestoreAsync(ClusterPaths paths, string file, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        var cluster = ClusterHosts.Of(paths, clock);
        if (!File.Exists(file))
        {
            throw new ClusterException($"There is no file {file}.");
        }

        using var exclusive = ClusterLock.Take(paths);
        var masters = cluster.With(cluster.Layout.Masters).Where(master => master.ProcessId is not null).ToList();
        var host = FirstMaster(cluster);
        var unit = MasterPlan.ServingUnit(cluster.Layout);
        File.Copy(file, OnDisk(host), overwrite: true);
        try
        {
            await Task.WhenAll(masters.Select(master => master.RunAsync(["sv", "-w", "90", "down", unit], cancellationToken)));
            console.WriteLine((await host.RunAsync(ApiServer("restore"), cancellationToken)).Trim());
        }
        finally
        {
            File.Delete(OnDisk(host));
            await Task.WhenAll(masters.Select(master => master.RunAsync(["sv", "up", unit], CancellationToken.None)));
        }

        await new WaitForApiServer(cluster).RunAsync(cancellationToken);
    }

    /// <summary>Any master will do: they share one store.</summary>
    private static Host FirstMaster(ClusterHosts cluster) => cluster.With(cluster.Layout.Masters).FirstOrDefault(master => master.ProcessId is not null && !master.IsPaused)
        ?? throw new ClusterException($"No master of cluster {cluster.Paths.Name} is up.");

    private static string[] ApiServer(string verb) => ["/run/mk/mk", "apiserver", "snapshot", verb, HostFile, "@/etc/kubernetes/apiserver.args"];

    private static string OnDisk(Host host) => host.Folder.PathOf(HostFile);
}
