using System.Collections.Concurrent;
using System.Globalization;

using MiniKube.Kubelet.Stats;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>
/// The cgroup that the containers of a pod with limits of its own share (KEP-2837). It stands beside the pod's sandbox, wherever the engine puts that: an engine that leaves its cgroups
/// to systemd refuses containers in it.
/// </summary>
internal sealed class PodCgroups
{
    private const long Period = 100_000;

    // By sandbox. An earlier kubelet's are seen in their containers.
    private readonly ConcurrentDictionary<string, string> _paths = [];

    /// <returns>What the engine is to put the pod's containers into.</returns>
    public string Ensure(string sandboxId, long sandboxPid, string uid, ContainerResources limits)
    {
        var sandbox = Cgroup.OfProcess(sandboxPid) ?? throw new ContainerRuntimeException($"sandbox {sandboxId} has ended");
        var path = Path.Combine(Path.GetDirectoryName(sandbox.Name) ?? "/", $"pod{uid}");
        try
        {
            Limit(path, limits);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContainerRuntimeException($"failed to limit the pod's cgroup {path}: {exception.Message}");
        }

        _paths[sandboxId] = path;
        return path;
    }

    public void Seen(string sandboxId, string? path)
    {
        if (!string.IsNullOrEmpty(path))
        {
            _paths[sandboxId] = path;
        }
    }

    /// <summary>Removes that of a sandbox whose containers are gone.</summary>
    public void Remove(string sandboxId)
    {
        if (!_paths.TryGetValue(sandboxId, out var path))
        {
            return;
        }

        try
        {
            foreach (var folder in Cgroup.Roots.Select(root => root + path).Where(Directory.Exists))
            {
                Directory.Delete(folder);
            }
        }
        catch (IOException exception)
        {
            // A container of the pod is still being removed.
            throw new ContainerRuntimeException($"failed to remove the pod's cgroup {path}: {exception.Message}");
        }

        _paths.TryRemove(sandboxId, out _);
    }

    private static void Limit(string path, ContainerResources limits)
    {
        var (cpu, memory) = (Directory.CreateDirectory(Cgroup.Folder("cpu", path)).FullName, Directory.CreateDirectory(Cgroup.Folder("memory", path)).FullName);
        if (Cgroup.IsUnified)
        {
            // The shares of version 1, from 2 to 262144, in the scale of version 2, from 1 to 10000.
            Write(cpu, "cpu.weight", 1 + ((limits.CpuShares - 2) * 9999 / 262_142));
            Write(cpu, "cpu.max", limits.CpuQuota > 0 ? $"{limits.CpuQuota} {Period}" : "max");
            Write(memory, "memory.max", limits.Memory > 0 ? limits.Memory.ToString(CultureInfo.InvariantCulture) : "max");
            WriteIfThere(memory, "memory.swap.max", limits.Memory > 0 ? "0" : "max");
            return;
        }

        Write(cpu, "cpu.shares", limits.CpuShares);
        Write(cpu, "cpu.cfs_period_us", Period);
        Write(cpu, "cpu.cfs_quota_us", limits.CpuQuota > 0 ? limits.CpuQuota : -1);
        Write(memory, "memory.limit_in_bytes", limits.Memory > 0 ? limits.Memory : -1);
        // Memory and swap together.
        WriteIfThere(memory, "memory.memsw.limit_in_bytes", limits.Memory > 0 ? limits.Memory.ToString(CultureInfo.InvariantCulture) : "-1");
    }

    // A kernel without swap accounting has no file for it.
    private static void WriteIfThere(string folder, string file, string text)
    {
        if (File.Exists(Path.Combine(folder, file)))
        {
            Write(folder, file, text);
        }
    }

    private static void Write(string folder, string file, long value) => Write(folder, file, value.ToString(CultureInfo.InvariantCulture));

    private static void Write(string folder, string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);
}
