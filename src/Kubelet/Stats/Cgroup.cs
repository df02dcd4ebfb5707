using System.Globalization;

namespace MiniKube.Kubelet.Stats;

/// <summary>Where the kernel counts what a group of processes uses: one folder, or with cgroup v1 one for CPU and one for memory.</summary>
internal sealed record Cgroup(string Name, string CpuFolder, string MemoryFolder)
{
    private const string Mount = "/sys/fs/cgroup";
    private const long NanosecondsPerMicrosecond = 1000;

    /// <summary>Whether there is one hierarchy for all, that of cgroup v2.</summary>
    public static bool IsUnified { get; } = File.Exists($"{Mount}/cgroup.controllers");

    /// <summary>The root folders of all hierarchies.</summary>
    public static IReadOnlyList<string> Roots { get; } = IsUnified ? [Mount] : [.. Directory.EnumerateDirectories(Mount).Where(folder => File.Exists($"{folder}/cgroup.procs"))];

    /// <summary>The whole machine.</summary>
    public static Cgroup Root { get; } = At("/", "/");

    /// <summary>That of a process; null if the process is gone.</summary>
    public static Cgroup? OfProcess(long pid)
    {
        try
        {
            // hierarchy:controllers:path
            var lines = File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).Where(words => words.Length == 3).ToList();
            string? PathOf(string controller) => lines.FirstOrDefault(words => words[1].Split(',').Contains(IsUnified ? "" : controller))?[2];
            return PathOf("cpuacct") is { } cpu && PathOf("memory") is { } memory ? At(cpu, memory) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What it has used until now; null if it is gone.</summary>
    public ResourceUsage? Read(DateTimeOffset now)
    {
        try
        {
            var stat = ReadTable($"{MemoryFolder}/memory.stat");
            return IsUnified ? ReadUnified(stat, now) : ReadLegacy(stat, now);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Cgroup At(string cpu, string memory) =>
        new(cpu, Folder("cpuacct", cpu), Folder("memory", memory));

    /// <summary>The folder in which a version 1 controller's files of a group are, or all files of version 2.</summary>
    public static string Folder(string controller, string path) => IsUnified ? Mount + path : $"{Mount}/{controller}{path}";

    private ResourceUsage ReadLegacy(Dictionary<string, long> stat, DateTimeOffset now)
    {
        var memory = ReadNumber($"{MemoryFolder}/memory.usage_in_bytes");
        return new ResourceUsage(
            now,
            ReadNumber($"{CpuFolder}/cpuacct.usage"),
            memory,
            Math.Max(0, memory - stat.GetValueOrDefault("total_inactive_file")),
            stat.GetValueOrDefault("total_rss"),
            stat.GetValueOrDefault("total_pgfault"),
            stat.GetValueOrDefault("total_pgmajfault"));
    }

    private ResourceUsage ReadUnified(Dictionary<string, long> stat, DateTimeOffset now)
    {
        // The root group has no file for the sum.
        var current = $"{MemoryFolder}/memory.current";
        var memory = File.Exists(current) ? ReadNumber(current) : stat.GetValueOrDefault("anon") + stat.GetValueOrDefault("file") + stat.GetValueOrDefault("kernel");
        return new ResourceUsage(
            now,
            ReadTable($"{CpuFolder}/cpu.stat").GetValueOrDefault("usage_usec") * NanosecondsPerMicrosecond,
            memory,
            Math.Max(0, memory - stat.GetValueOrDefault("inactive_file")),
            stat.GetValueOrDefault("anon"),
            stat.GetValueOrDefault("pgfault"),
            stat.GetValueOrDefault("pgmajfault"));
    }

    private static long ReadNumber(string path) => long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);

    private static Dictionary<string, long> ReadTable(string path) => File.ReadLines(path)
        .Select(line => line.Split(' '))
        .Where(words => words.Length == 2)
        .ToDictionary(words => words[0], words => long.TryParse(words[1], CultureInfo.InvariantCulture, out var number) ? number : 0);
}
