namespace MiniKube.Cluster.Tests.Machine;

/// <summary>What a cluster could leave behind on the machine, as far as it bears the cluster's name.</summary>
internal static class MachineState
{
    /// <summary>Namespaces, mounts, cgroups and processes of a cluster.</summary>
    public static IReadOnlyList<string> TracesOf(ClusterPaths paths) =>
    [
        .. Directory.Exists("/run/netns") ? Directory.EnumerateFiles("/run/netns").Where(file => file.Contains(paths.MachineName, StringComparison.Ordinal)) : [],
        .. File.ReadLines("/proc/self/mounts").Where(mount => mount.Contains(paths.Folder, StringComparison.Ordinal) || mount.Contains(paths.MachineName, StringComparison.Ordinal)),
        .. Directory.EnumerateDirectories("/sys/fs/cgroup", paths.MachineName, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }),
        .. from process in Directory.EnumerateDirectories("/proc")
           where char.IsAsciiDigit(Path.GetFileName(process)[0])
           let cgroup = Read(Path.Combine(process, "cgroup"))
           where cgroup.Contains(paths.MachineName, StringComparison.Ordinal) && !Read(Path.Combine(process, "stat")).Contains(") Z ", StringComparison.Ordinal)
           select $"process {Read(Path.Combine(process, "cmdline")).Replace('\0', ' ')}",
    ];

    /// <summary>The machine's own network: links, addresses, routes and firewall rules.</summary>
    public static async Task<string> NetworkAsync()
    {
        var (_, links, _) = await Shell.CommandRunner.TryAsync("ip", ["-o", "addr"], TestContext.Current.CancellationToken);
        var (_, routes, _) = await Shell.CommandRunner.TryAsync("ip", ["route", "show", "table", "all"], TestContext.Current.CancellationToken);
        var (_, rules, _) = await Shell.CommandRunner.TryAsync("iptables-save", [], TestContext.Current.CancellationToken);
        var lines = $"{links}\n{routes}\n{rules}".Split('\n').Where(line => !line.StartsWith('#') && !line.StartsWith(':'));
        return System.Text.RegularExpressions.Regex.Replace(string.Join('\n', lines), @"(valid_lft|preferred_lft|expires) \w+", "$1");
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process is gone.
            return "";
        }
    }
}
