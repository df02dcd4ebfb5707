using System.Text.RegularExpressions;

namespace MiniKube.TestSupport;

/// <summary>What a cluster could leave behind on the machine.</summary>
public static class MachineState
{
    /// <summary>Namespaces, mounts, cgroups and processes that bear a cluster's machine name or its folder.</summary>
    public static IReadOnlyList<string> TracesOf(string machineName, string folder) =>
    [
        .. Directory.Exists("/run/netns") ? Directory.EnumerateFiles("/run/netns").Where(file => file.Contains(machineName, StringComparison.Ordinal)) : [],
        .. File.ReadLines("/proc/self/mounts").Where(mount => mount.Contains(folder, StringComparison.Ordinal) || mount.Contains(machineName, StringComparison.Ordinal)),
        .. Directory.EnumerateDirectories("/sys/fs/cgroup", machineName, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }),
        .. from process in Processes()
           where Read(Path.Combine(process, "cgroup")).Contains(machineName, StringComparison.Ordinal)
               && !Read(Path.Combine(process, "stat")).Contains(") Z ", StringComparison.Ordinal)
           select $"process {Read(Path.Combine(process, "cmdline")).Replace('\0', ' ')}",
    ];

    /// <summary>Every namespace that some process is in, as <c>net:[4026531840]</c>.</summary>
    public static IReadOnlySet<string> Namespaces() => Processes().SelectMany(NamespacesOf).ToHashSet();

    /// <summary>The machine's own network: links, addresses, routes and firewall rules.</summary>
    public static async Task<string> NetworkAsync(CancellationToken cancellationToken)
    {
        var links = await CommandRunner.RunAsync("ip", ["-o", "addr"], new CommandInput(), cancellationToken);
        var routes = await CommandRunner.RunAsync("ip", ["route", "show", "table", "all"], new CommandInput(), cancellationToken);
        var rules = await CommandRunner.RunAsync("iptables-save", [], new CommandInput(), cancellationToken);
        var lines = $"{links.Output}\n{routes.Output}\n{rules.Output}".Split('\n').Where(line => !line.StartsWith('#') && !line.StartsWith(':'));
        return Regex.Replace(string.Join('\n', lines), @"(valid_lft|preferred_lft|expires) \w+", "$1");
    }

    private static IEnumerable<string> Processes() =>
        Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]));

    private static IReadOnlyList<string> NamespacesOf(string process)
    {
        try
        {
            return [.. new DirectoryInfo(Path.Combine(process, "ns")).EnumerateFileSystemInfos().Select(link => link.LinkTarget ?? "").Where(target => target.Length > 0)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process is gone.
            return [];
        }
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
