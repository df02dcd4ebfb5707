using System.Globalization;

using k8s.Models;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Node;

/// <summary>A node's object, from what the kubelet was told and what the machine is. Pure.</summary>
internal static class NodeObject
{
    private const string Version = "v1.34.0";

    // Upstream's: the memory below which it would evict pods, and the share of the disk that it keeps.
    private const long ReservedMemory = 100L * 1024 * 1024;
    private const int StoragePercent = 90;
    private const int MostImages = 50;

    public static V1Node Create(NodeAgentOptions options, NodeFacts facts) => new()
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta
        {
            Name = options.NodeName,
            Labels = Labels(options, facts),
            Annotations = new Dictionary<string, string> { ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true" },
        },
        Spec = new V1NodeSpec { Taints = options.Taints.Count > 0 ? [.. options.Taints] : null },
    };

    /// <summary>What pods may ask for, in bytes: less what upstream keeps free.</summary>
    public static long AllocatableMemory(NodeFacts facts) => facts.Memory - ReservedMemory;

    public static Dictionary<string, string> Labels(NodeAgentOptions options, NodeFacts facts)
    {
        var labels = new Dictionary<string, string>
        {
            ["beta.kubernetes.io/arch"] = facts.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = facts.Architecture,
            ["kubernetes.io/hostname"] = options.NodeName,
            ["kubernetes.io/os"] = "linux",
        };
        foreach (var (name, value) in options.Labels)
        {
            labels[name] = value;
        }

        return labels;
    }

    /// <param name="options">What the kubelet was told.</param>
    /// <param name="facts">What the machine is.</param>
    /// <param name="runtimeVersion">Such as <c>docker://20.10.24</c>.</param>
    /// <param name="problem">Why the node is not ready; empty when it is.</param>
    /// <param name="images">Those it has.</param>
    /// <param name="previous">The conditions before, for their times of transition.</param>
    /// <param name="now">The time of this report.</param>
    public static V1NodeStatus Status(
        NodeAgentOptions options,
        NodeFacts facts,
        string runtimeVersion,
        string problem,
        IReadOnlyList<ImageInfo> images,
        IList<V1NodeCondition>? previous,
        DateTime now)
    {
        return new V1NodeStatus
        {
            Addresses =
            [
                new V1NodeAddress { Type = "InternalIP", Address = options.NodeIp },
                new V1NodeAddress { Type = "Hostname", Address = options.NodeName },
            ],
            Capacity = Resources(facts.Memory, facts.EphemeralStorage, facts, options),
            Allocatable = Resources(AllocatableMemory(facts), facts.EphemeralStorage / 100 * StoragePercent, facts, options),
            Conditions = Conditions(problem, previous, now),
            DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = options.Port } },
            NodeInfo = new V1NodeSystemInfo
            {
                Architecture = facts.Architecture,
                BootID = facts.BootId,
                ContainerRuntimeVersion = runtimeVersion,
                KernelVersion = facts.KernelVersion,
                KubeProxyVersion = "",
                KubeletVersion = Version,
                MachineID = facts.MachineId,
                OperatingSystem = "linux",
                OsImage = facts.OsImage,
                SystemUUID = facts.SystemUuid,
            },
            Images =
            [
                .. images.OrderByDescending(image => image.Size).Take(MostImages)
                    .Select(image => new V1ContainerImage { Names = [.. image.Names], SizeBytes = image.Size }),
            ],
        };
    }

    private static Dictionary<string, ResourceQuantity> Resources(long memory, long storage, NodeFacts facts, NodeAgentOptions options) => new()
    {
        ["cpu"] = new ResourceQuantity(facts.Cpus.ToString(CultureInfo.InvariantCulture)),
        ["ephemeral-storage"] = new ResourceQuantity($"{Math.Max(0, storage) / 1024}Ki"),
        ["memory"] = new ResourceQuantity($"{Math.Max(0, memory) / 1024}Ki"),
        ["pods"] = new ResourceQuantity(options.MaxPods.ToString(CultureInfo.InvariantCulture)),
    };

    private static List<V1NodeCondition> Conditions(string problem, IList<V1NodeCondition>? previous, DateTime now)
    {
        var ready = problem.Length == 0;
        V1NodeCondition[] conditions =
        [
            Condition("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            Condition("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            Condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            Condition("Ready", ready, ready ? "KubeletReady" : "KubeletNotReady", ready ? "kubelet is posting ready status" : problem),
        ];
        return [.. conditions.Select(condition => condition with { LastHeartbeatTime = now, LastTransitionTime = Since(condition, previous, now) })];
    }

    private static V1NodeCondition Condition(string type, bool status, string reason, string message) =>
        new() { Type = type, Status = status ? "True" : "False", Reason = reason, Message = message };

    private static DateTime Since(V1NodeCondition condition, IList<V1NodeCondition>? previous, DateTime now)
    {
        var old = previous?.FirstOrDefault(candidate => candidate.Type == condition.Type);
        return old?.Status == condition.Status ? old?.LastTransitionTime ?? now : now;
    }
}
