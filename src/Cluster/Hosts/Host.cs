using System.Diagnostics;
using System.Globalization;

using MiniKube.Cluster.Shell;
using MiniKube.Hosting;

namespace MiniKube.Cluster.Hosts;

/// <summary>A host of a cluster: namespaces around a PID 1, which is runit. When that process dies, the kernel ends everything that ran on the host.</summary>
internal sealed class Host(ClusterPaths paths, string name, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Cgroups _cgroups = new(paths.MachineName);

    public string Name => name;

    public HostFolder Folder { get; } = new(paths.Host(name));

    /// <summary>The machine's id of the host's PID 1, or null when the host is not up.</summary>
    public int? ProcessId =>
        File.Exists(Folder.PidFile) && int.TryParse(File.ReadAllText(Folder.PidFile), CultureInfo.InvariantCulture, out var pid) && IsOurs(pid) ? pid : null;

    /// <summary>When the host was booted.</summary>
    public DateTimeOffset BootedAt => File.GetLastWriteTimeUtc(Folder.PidFile);

    /// <summary>Whether it is up, but frozen.</summary>
    public bool IsPaused => ProcessId is not null && _cgroups.IsFrozen(name);

    /// <summary>The host's network, from the machine.</summary>
    public NetworkNamespace Network => new($"/proc/{RequireUp()}/ns/net");

    /// <summary>The root of the host's files as the machine can reach it; sockets in it can be connected to from here.</summary>
    public string Root => $"/proc/{RequireUp()}/root";

    public string DockerSocket => $"{Root}/run/docker.sock";

    public string DockerHost => $"unix://{DockerSocket}";

    public int RequireUp() => ProcessId ?? throw new ClusterException($"Host {name} of cluster {paths.Name} is not up. Start it with: mk up --name {paths.Name}");

    public async Task BootAsync(HostPlan plan, CancellationToken cancellationToken)
    {
        Folder.Write(plan);
        var images = !plan.HasPods ? "" : Directory.CreateDirectory(paths.HostImages(name)).FullName;
        var start = new ProcessStartInfo("unshare", ["--mount", "--uts", "--ipc", "sh", Folder.InitScript, "boot"]) { WorkingDirectory = Folder.Path };
        start.Environment["MK_HOST"] = name;
        start.Environment["MK_ADDRESS"] = plan.Address + "/24";
        start.Environment["MK_CABLE"] = Wire.CableOf(name);
        start.Environment["MK_WIRE"] = new Wire(paths.MachineName).NamespaceFile;
        start.Environment["MK_CGROUP"] = $"{paths.MachineName}/{name}";
        start.Environment["MK_PROGRAM"] = AppContext.BaseDirectory;
        start.Environment["MK_PODS"] = plan.HasPods ? "yes" : "";
        start.Environment["MK_NODE_POD_ADDRESS"] = plan.PodBridgeAddress ?? "";
        start.Environment["MK_SERVICE_CIDR"] = plan.ServiceSubnet;
        start.Environment["MK_IMAGES"] = images;
        start.Environment["MK_ROUTES"] = string.Join('\n', plan.Routes);
        await CommandRunner.RunAsync(start, cancellationToken);
        if (ProcessId is null)
        {
            throw new ClusterException($"Host {name} did not come up:\n{File.ReadAllText(Folder.ConsoleLog)}");
        }
    }

    /// <summary>Runs a command on the host, which must succeed, and returns what it printed.</summary>
    public Task<string> RunAsync(string[] command, CancellationToken cancellationToken) => CommandRunner.RunAsync("nsenter", Enter(command), cancellationToken);

    /// <summary>Runs a command on the host and returns whatever happens.</summary>
    public Task<(int ExitCode, string Output, string Error)> TryAsync(string[] command, CancellationToken cancellationToken) =>
        CommandRunner.TryAsync("nsenter", Enter(command), cancellationToken);

    /// <summary>Stops the clock of every process of the host, pods included; <see cref="Resume"/> lets them go on.</summary>
    public void Pause()
    {
        RequireUp();
        _cgroups.Freeze(name);
    }

    public void Resume()
    {
        RequireUp();
        _cgroups.Thaw(name);
    }

    /// <summary>Lets all of it go on that was paused, the host or a unit: it would not hear that it is to stop.</summary>
    public async Task WakeAsync(CancellationToken cancellationToken)
    {
        Resume();
        await TryAsync(["sh", "-c", "kill -CONT -1"], cancellationToken);
    }

    /// <summary>Ends the host at once, as a power cut would, and removes its cgroups.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            if (ProcessId is { } pid)
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
                // What is frozen does not even die.
                _cgroups.Thaw(name);
            }

            if (ProcessId is null && TryRemoveCgroups())
            {
                File.Delete(Folder.PidFile);
                return;
            }

            if (clock.GetElapsedTime(started) > StopLimit)
            {
                throw new ClusterException($"Host {name} did not end: {string.Join(' ', _cgroups.Processes())} still run.");
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }
    }

    private string[] Enter(string[] command) =>
        ["--target", RequireUp().ToString(CultureInfo.InvariantCulture), "--mount", "--uts", "--ipc", "--net", "--pid", "--", .. command];

    private bool TryRemoveCgroups()
    {
        try
        {
            _cgroups.Remove(name);
            return true;
        }
        catch (IOException)
        {
            // The kernel has not taken leave of every process yet.
            return false;
        }
    }

    /// <summary>An id may be another process's by now: only our host's PID 1 is in our cgroup.</summary>
    private bool IsOurs(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cgroup").Contains($"/{paths.MachineName}/{name}/", StringComparison.Ordinal)
                && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
