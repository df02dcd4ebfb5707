using System.Globalization;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Status;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Stats;

/// <summary><c>/stats/summary</c>: the node and its pods in upstream's <c>v1alpha1.Summary</c>.</summary>
internal sealed class StatsSummary(NodeStats stats, IReadOnlyList<PodUsage> pods, bool onlyCpuAndMemory)
{
    private readonly FileSystemUsage? _fileSystem = onlyCpuAndMemory ? null : FileSystemUsage.Of(stats.RootDirectory);

    public JsonObject Write() => new()
    {
        ["node"] = Node(),
        ["pods"] = new JsonArray([.. pods.Select(Pod)]),
    };

    private JsonObject Node()
    {
        var usage = stats.Node;
        var node = new JsonObject
        {
            ["nodeName"] = stats.NodeName,
            ["startTime"] = Time(stats.BootedAt),
            ["cpu"] = Cpu(usage, stats.NodeRate(usage)),
            ["memory"] = Memory(usage, Math.Max(0, stats.Facts.Memory - usage.WorkingSet)),
        };
        if (!onlyCpuAndMemory)
        {
            node["network"] = Network(usage.Time, InterfaceUsage.OfProcess("self"));
            node["fs"] = FileSystem(usage.Time, _fileSystem, _fileSystem?.Used);
            node["runtime"] = new JsonObject { ["imageFs"] = FileSystem(usage.Time, _fileSystem, _fileSystem?.Used) };
            node["rlimit"] = ProcessLimit(usage.Time);
        }

        return node;
    }

    private JsonNode Pod(PodUsage pod)
    {
        var (total, rate) = (pod.Total, pod.All.Sum(stats.Rate));
        var json = new JsonObject
        {
            ["podRef"] = new JsonObject { ["name"] = pod.Pod.Name(), ["namespace"] = pod.Pod.Namespace(), ["uid"] = pod.Pod.Uid() },
            ["startTime"] = Time(pod.All.Min(container => container.StartedAt)),
            ["containers"] = new JsonArray([.. pod.Containers.Select(container => (JsonNode)Container(pod.Pod, container))]),
            ["cpu"] = Cpu(total, rate),
            ["memory"] = Memory(total, null),
        };
        if (onlyCpuAndMemory)
        {
            return json;
        }

        if (pod.Sandbox is { Interfaces.Count: > 0 } sandbox)
        {
            json["network"] = Network(sandbox.Usage.Time, sandbox.Interfaces);
        }

        var volumes = stats.VolumesOf(pod.Pod).Select(found => (JsonNode)Volume(pod.Pod, found.Volume, found.Path, total.Time)).ToList();
        if (volumes.Count > 0)
        {
            json["volume"] = new JsonArray([.. volumes]);
        }

        var used = pod.Containers.Sum(container => EmptyDirLimits.Usage(container.WritableLayer) + LogSize(container))
            + stats.VolumesOf(pod.Pod).Where(found => found.Volume.EmptyDir is { Medium: null or "" }).Sum(found => EmptyDirLimits.Usage(found.Path));
        json["ephemeral-storage"] = FileSystem(total.Time, _fileSystem, used);
        return json;
    }

    private JsonObject Container(V1Pod pod, ContainerUsage container)
    {
        var json = new JsonObject
        {
            ["name"] = container.Name,
            ["startTime"] = Time(container.StartedAt),
            ["cpu"] = Cpu(container.Usage, stats.Rate(container)),
            ["memory"] = Memory(container.Usage, NodeStats.AvailableOf(pod, container.Name, container.Usage.WorkingSet)),
        };
        if (!onlyCpuAndMemory)
        {
            json["rootfs"] = FileSystem(container.Usage.Time, _fileSystem, EmptyDirLimits.Usage(container.WritableLayer));
            json["logs"] = FileSystem(container.Usage.Time, _fileSystem, LogSize(container));
        }

        return json;
    }

    private static JsonObject Volume(V1Pod pod, V1Volume volume, string path, DateTimeOffset time)
    {
        // What is claimed may be too large to walk through on every request; its file system knows.
        var (usage, claim) = (FileSystemUsage.Of(path), ClaimedVolumes.ClaimOf(volume, pod.Name()));
        var json = FileSystem(time, usage, claim is null ? EmptyDirLimits.Usage(path) : usage?.Used);
        json["name"] = volume.Name;
        if (claim is not null)
        {
            json["pvcRef"] = new JsonObject { ["name"] = claim, ["namespace"] = pod.Namespace() };
        }

        return json;
    }

    private static long LogSize(ContainerUsage container) => File.Exists(container.LogPath) ? new FileInfo(container.LogPath).Length : 0;

    private static JsonObject Cpu(ResourceUsage usage, long rate) => new()
    {
        ["time"] = Time(usage.Time),
        ["usageNanoCores"] = rate,
        ["usageCoreNanoSeconds"] = usage.CpuNanoseconds,
    };

    private static JsonObject Memory(ResourceUsage usage, long? available)
    {
        var json = new JsonObject { ["time"] = Time(usage.Time) };
        if (available is { } bytes)
        {
            json["availableBytes"] = bytes;
        }

        json["usageBytes"] = usage.Memory;
        json["workingSetBytes"] = usage.WorkingSet;
        json["rssBytes"] = usage.Rss;
        json["pageFaults"] = usage.PageFaults;
        json["majorPageFaults"] = usage.MajorPageFaults;
        return json;
    }

    private static JsonObject FileSystem(DateTimeOffset time, FileSystemUsage? usage, long? used)
    {
        var json = new JsonObject { ["time"] = Time(time) };
        if (usage is not null)
        {
            json["availableBytes"] = usage.Available;
            json["capacityBytes"] = usage.Capacity;
        }

        json["usedBytes"] = used ?? 0;
        if (usage is not null)
        {
            json["inodesFree"] = usage.FreeInodes;
            json["inodes"] = usage.Inodes;
            json["inodesUsed"] = usage.Inodes - usage.FreeInodes;
        }

        return json;
    }

    /// <summary>Upstream names the interface of the default route; of a pod that is its only one.</summary>
    private static JsonObject Network(DateTimeOffset time, IReadOnlyList<InterfaceUsage> interfaces)
    {
        var json = new JsonObject { ["time"] = Time(time) };
        if (interfaces.Count > 0)
        {
            foreach (var (name, value) in Interface(interfaces[0]).ToList())
            {
                json[name] = value?.DeepClone();
            }
        }

        json["interfaces"] = new JsonArray([.. interfaces.Select(device => (JsonNode)Interface(device))]);
        return json;
    }

    private static JsonObject Interface(InterfaceUsage device) => new()
    {
        ["name"] = device.Name,
        ["rxBytes"] = device.ReceivedBytes,
        ["rxErrors"] = device.ReceiveErrors,
        ["txBytes"] = device.SentBytes,
        ["txErrors"] = device.SendErrors,
    };

    // running/total and more: the third and fourth numbers of loadavg.
    private static JsonObject ProcessLimit(DateTimeOffset time)
    {
        var json = new JsonObject { ["time"] = Time(time) };
        if (long.TryParse(File.ReadAllText("/proc/sys/kernel/pid_max"), CultureInfo.InvariantCulture, out var most))
        {
            json["maxpid"] = most;
        }

        if (File.ReadAllText("/proc/loadavg").Split(' ') is [_, _, _, var threads, ..] && long.TryParse(threads.Split('/')[^1], CultureInfo.InvariantCulture, out var current))
        {
            json["curproc"] = current;
        }

        return json;
    }

    private static string Time(DateTimeOffset time) => ApiTime.Truncate(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
