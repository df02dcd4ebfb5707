using System.Diagnostics;
using System.Globalization;

using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Raft;

/// <summary>A member as a process of the machine, on loopback only: its folder has its data, its log and its process id.</summary>
internal sealed class RaftProcess(string folder, int id)
{
    /// <summary>The members' ports for clients are the talk's; those for Raft are etcd's example's.</summary>
    private static readonly int[] ClientPorts = [9121, 9122, 9123];
    private static readonly int[] PeerPorts = [12379, 22379, 32379];

    // Where ./mk looks for what still runs from an older build, which it then keeps.
    private readonly string _place = Path.Combine(folder, "hosts", $"member{id.ToString(CultureInfo.InvariantCulture)}");

    public int Id => id;

    public Uri Address => new($"http://127.0.0.1:{ClientPorts[id - 1]}");

    public string LogFile => Path.Combine(_place, "log");

    private string PidFile => Path.Combine(_place, "pid");

    private string DataFolder => Path.Combine(_place, "data");

    /// <summary>The process id, or null while it does not run. An id may be another process's by now: ours names its folder.</summary>
    public int? ProcessId
    {
        get
        {
            try
            {
                return File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out var pid)
                    && File.ReadAllText($"/proc/{pid}/cmdline").Contains(DataFolder, StringComparison.Ordinal)
                    ? pid
                    : null;
            }
            catch (IOException)
            {
                // There is no such process.
                return null;
            }
        }
    }

    public static IReadOnlyList<RaftProcess> All(string folder) => [.. Enumerable.Range(1, ClientPorts.Length).Select(id => new RaftProcess(folder, id))];

    /// <summary>Starts it, to run on when this process has ended.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_place);
        await File.WriteAllTextAsync(Path.Combine(_place, "program"), AppContext.BaseDirectory + "\n", cancellationToken);
        string[] command =
        [
            Environment.ProcessPath ?? throw new InvalidOperationException("A process without a program."),
            "raft", "member",
            "--id", id.ToString(CultureInfo.InvariantCulture),
            "--cluster", string.Join(',', PeerPorts.Select(port => $"127.0.0.1:{port}")),
            "--clients", string.Join(',', ClientPorts.Select(port => $"http://127.0.0.1:{port}")),
            "--data-dir", DataFolder,
        ];
        var start = new ProcessStartInfo("setsid", ["--fork", "sh", "-c", "echo $$ >pid; exec \"$@\" </dev/null >>log 2>&1", "sh", .. command]) { WorkingDirectory = _place };
        await CommandRunner.RunAsync(start, cancellationToken);
    }

    /// <summary>SIGKILL, as a power cut; or SIGTERM, a clean stop.</summary>
    public async Task EndAsync(bool cleanly, CancellationToken cancellationToken)
    {
        if (ProcessId is { } pid)
        {
            using var process = Process.GetProcessById(pid);
            await CommandRunner.RunAsync("kill", [cleanly ? "-TERM" : "-KILL", pid.ToString(CultureInfo.InvariantCulture)], cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
        }
    }
}
