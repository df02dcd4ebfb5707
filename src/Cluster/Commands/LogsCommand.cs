using System.CommandLine;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk logs UNIT</c>: what a unit of a host wrote.</summary>
internal static class LogsCommand
{
    public static Command Create(TimeProvider clock)
    {
        var command = new Command("logs", "Show what a unit wrote: controlplane, kubelet, proxy, dockerd, containerd, gateway, etcd.");
        var name = new NameOption();
        var host = new Option<string>("--host") { Description = "The host.", DefaultValueFactory = _ => SingleHostPlan.HostName };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what it writes." };
        var unit = new Argument<string>("unit") { Description = "The unit." };
        command.Options.Add(name);
        command.Options.Add(host);
        command.Options.Add(follow);
        command.Arguments.Add(unit);
        command.SetAction(result =>
        {
            var folder = new Host(name.Paths(result), result.GetValue(host) ?? "", clock).Folder;
            var file = folder.LogOf(result.GetValue(unit) ?? "");
            return File.Exists(file)
                ? ProcessImage.Replace("tail", ["-n", "+1", .. result.GetValue(follow) ? ["-F"] : (string[])[], file])
                : throw new ClusterException($"No unit {result.GetValue(unit)} has written anything on host {result.GetValue(host)}. Units: {string.Join(", ", Units(folder))}");
        });
        return command;
    }

    private static IEnumerable<string> Units(HostFolder folder) =>
        Directory.Exists(Path.Combine(folder.Path, "var/log"))
            ? Directory.EnumerateDirectories(Path.Combine(folder.Path, "var/log")).Select(unit => Path.GetFileName(unit)).Order(StringComparer.Ordinal)
            : [];
}
