using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk host NAME -- COMMAND</c>: runs a command on a host as if logged in there; without a command, a shell.</summary>
internal static class HostCommand
{
    public static Command Create(TimeProvider clock)
    {
        var command = new Command("host", "Run a command on a host; without one, a shell.");
        var name = new NameOption();
        var host = new Argument<string>("host") { Description = "The host, as mk status names it: node1." };
        var words = new Argument<string[]>("command") { Description = "The command, after --.", Arity = ArgumentArity.ZeroOrMore };
        command.Options.Add(name);
        command.Arguments.Add(host);
        command.Arguments.Add(words);
        command.SetAction(result =>
        {
            Privileges.RequireRoot("host");
            return Enter(name.Paths(result), result.GetValue(host) ?? "", result.GetValue(words) ?? [], clock);
        });
        return command;
    }

    private static int Enter(ClusterPaths paths, string name, string[] words, TimeProvider clock)
    {
        var host = new Host(paths, name, clock);
        var pid = host.RequireUp().ToString(CultureInfo.InvariantCulture);
        new Cgroups(paths.MachineName).Join($"{name}/system");
        return ProcessImage.Replace(
            "nsenter", ["--target", pid, "--mount", "--uts", "--ipc", "--net", "--pid", "--wd", "--", .. words.Length > 0 ? words : ["/bin/bash"]]);
    }
}
