namespace MiniKube.Cluster.Hosts;

/// <summary>The cgroups of a cluster: one folder in every version 1 hierarchy, and in version 2 where that is mounted.</summary>
internal sealed class Cgroups(string name)
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Every hierarchy's folder of this cluster that exists.</summary>
    public IEnumerable<string> Folders => Hierarchies.Select(hierarchy => Path.Combine(hierarchy, name)).Where(Directory.Exists);

    private static IEnumerable<string> Hierarchies =>
        Directory.EnumerateDirectories(Root).Prepend(Root).Where(folder => File.Exists(Path.Combine(folder, "cgroup.procs")));

    /// <summary>Adds this process to a cgroup below the cluster's, as <c>node1/system</c>, in every hierarchy.</summary>
    public void Join(string below)
    {
        foreach (var folder in Folders)
        {
            File.WriteAllText(Path.Combine(folder, below, "cgroup.procs"), "0");
        }
    }

    /// <summary>Stops every process below: the freezer of version 1, and version 2's own.</summary>
    public void Freeze(string below) => SetFrozen(below, "FROZEN", "1");

    public void Thaw(string below) => SetFrozen(below, "THAWED", "0");

    public bool IsFrozen(string below) => Folders.Any(folder =>
        Reads(Path.Combine(folder, below, "freezer.state"), "F") || Reads(Path.Combine(folder, below, "cgroup.freeze"), "1"));

    private void SetFrozen(string below, string state, string flag)
    {
        foreach (var folder in Folders)
        {
            foreach (var (file, text) in ((string, string)[])[("freezer.state", state), ("cgroup.freeze", flag)])
            {
                var path = Path.Combine(folder, below, file);
                if (File.Exists(path))
                {
                    File.WriteAllText(path, text);
                }
            }
        }
    }

    /// <summary>FROZEN and FREEZING are both meant.</summary>
    private static bool Reads(string file, string start) => File.Exists(file) && File.ReadAllText(file).StartsWith(start, StringComparison.Ordinal);

    /// <summary>The processes in any of them, by their ids on the machine.</summary>
    public IReadOnlySet<int> Processes() =>
        (from folder in Folders
         from file in Directory.EnumerateFiles(folder, "cgroup.procs", SearchOption.AllDirectories)
         from line in File.ReadLines(file)
         select int.Parse(line, System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();

    /// <summary>Removes the empty cgroups, innermost first. A kernel may still be busy with processes just killed: then it throws <see cref="IOException"/>.</summary>
    public void Remove(string below)
    {
        foreach (var folder in Folders.Select(folder => Path.Combine(folder, below)).Where(Directory.Exists).ToList())
        {
            foreach (var child in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).OrderByDescending(child => child.Length))
            {
                Directory.Delete(child);
            }

            Directory.Delete(folder);
        }
    }
}
