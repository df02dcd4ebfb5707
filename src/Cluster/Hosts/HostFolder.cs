using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Hosts;

/// <summary>A host's disk, seen from the machine: what it has of <c>/etc</c>, <c>/var/lib</c> and <c>/var/log</c>, and the script that boots it.</summary>
internal sealed class HostFolder(string path)
{
    public const string UnitFolder = "/etc/mk/units";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Executable = OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public string Path => path;

    public string InitScript => System.IO.Path.Combine(path, "init.sh");

    public string PidFile => System.IO.Path.Combine(path, "pid");

    public string ConsoleLog => System.IO.Path.Combine(path, "console.log");

    /// <summary>Where a path of the host lies on the machine.</summary>
    public string PathOf(string hostPath) => System.IO.Path.Combine(path, hostPath.TrimStart('/'));

    public string LogOf(string unit) => System.IO.Path.Combine(path, "var/log", unit, "current");

    public void Write(HostPlan plan)
    {
        foreach (var folder in (string[])["run", "etc.work", "var/lib/docker", "var/log", UnitFolder])
        {
            Directory.CreateDirectory(PathOf(folder));
        }

        File.WriteAllText(InitScript, Resource.Read("host-init.sh"));
        foreach (var file in plan.Files)
        {
            Write(file.Path, file.Content, file.Secret ? OwnerOnly : null);
        }

        foreach (var unit in plan.Units)
        {
            Write($"{UnitFolder}/{unit.Name}/run", unit.RenderRun(), Executable);
            Write($"{UnitFolder}/{unit.Name}/log/run", unit.RenderLog(), Executable);
            Directory.CreateDirectory(System.IO.Path.Combine(path, "var/log", unit.Name));
        }

        // Where sv looks without being told.
        var services = System.IO.Path.Combine(path, "etc/service");
        if (!System.IO.Path.Exists(services))
        {
            File.CreateSymbolicLink(services, "/run/service");
        }
    }

    private void Write(string hostPath, string content, UnixFileMode? mode)
    {
        var file = PathOf(hostPath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        // Created with its mode: a secret is at no moment readable by others.
        using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = mode ?? OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(content);
    }
}
