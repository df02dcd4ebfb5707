using System.Runtime.InteropServices;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>
/// A process of a container, by the number that Docker gives for it. Numbers are used again, and an engine elsewhere counts on its own: only a process in the
/// container's cgroup is taken for it.
/// </summary>
internal static class ContainerProcess
{
    private const int HangUpSignal = 1;

    public static bool Exists(long pid, string containerId)
    {
        try
        {
            return pid > 0 && File.ReadAllText($"/proc/{pid}/cgroup").Contains(containerId, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The process's network namespace, as a file; null if it is not there.</summary>
    public static string? NetworkOf(long pid, string containerId) => Exists(pid, containerId) ? $"/proc/{pid}/ns/net" : null;

    /// <summary>Tells a process and those that it started that their terminal is gone. The runtime makes the process the leader of a group. Ended meanwhile is no error.</summary>
    public static void HangUp(long pid, string containerId)
    {
        if (Exists(pid, containerId))
        {
            _ = Kill(-(int)pid, HangUpSignal);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
