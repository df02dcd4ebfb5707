using System.CommandLine;

using MiniKube.Cluster.Shell;
using MiniKube.Cluster.Steps;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk down</c>: ends a cluster and leaves nothing of it but the images that Docker keeps.</summary>
internal static class DownCommand
{
    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("down", "End a cluster and remove all of it, but for the images it has pulled.");
        var name = new NameOption();
        var images = new Option<bool>("--images") { Description = "Remove the kept images too." };
        command.Options.Add(name);
        command.Options.Add(images);
        command.SetAction(async (result, cancellationToken) =>
        {
            Privileges.RequireRoot("down");
            var paths = name.Paths(result);
            using var exclusive = ClusterLock.Take(paths);
            await new StepRunner(console, clock).RunAsync([[new StopHosts(paths, keepPods: false, clock)], [new RemoveFiles(paths, result.GetValue(images))]], cancellationToken);
            return 0;
        });
        return command;
    }
}
