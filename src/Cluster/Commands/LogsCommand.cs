using System.CommandLine;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk logs UNIT</c>: what a unit of a host wrote.</summary>
internal static class LogsCommand
{
    public static Command Create(TimeProvider clock)
    {
        var command = new Command("logs", "Show what a unit wrote; mk status names the units.");
        var name = new NameOption();
        var host = new Option<string?>("--host") { Description = "The host. Default: the first that has the unit." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what it writes." };
        var unit = new Argument<string>("unit") { Description = "The unit, or HOST/UNIT." };
        command.Options.Add(name);
        command.Options.Add(host);
        command.Options.Add(follow);
        command.Arguments.Add(unit);
        command.SetAction(result => Show(
            ClusterHosts.Of(name.Paths(result), clock),
            result.GetRequiredValue(unit).Contains('/') ? result.GetRequiredValue(unit) : $"{result.GetValue(host)}/{result.GetRequiredValue(unit)}",
            result.GetValue(follow)));
        return command;
    }

    private static int Show(ClusterHosts cluster, string target, bool follow)
    {
        var (hostName, unit) = HostActions.Split(target);
        var hosts = hostName.Length > 0 ? [cluster.Get(hostName)] : cluster.All.ToList();
        var file = hosts.Select(host => host.Folder.LogOf(unit ?? "")).FirstOrDefault(File.Exists)
            ?? throw new ClusterException(
                $"No unit {unit} has written anything. Units: {string.Join(", ", hosts.SelectMany(host => Units(host.Folder).Select(one => $"{host.Name}/{one}")))}");
        return ProcessImage.Replace("tail", ["-n", "+1", .. follow ? ["-F"] : (string[])[], file]);
    }

    private static IEnumerable<string> Units(HostFolder folder) =>
        Directory.Exists(Path.Combine(folder.Path, "var/log"))
            ? Directory.EnumerateDirectories(Path.Combine(folder.Path, "var/log")).Select(unit => Path.GetFileName(unit)).Order(StringComparer.Ordinal)
            : [];
}
