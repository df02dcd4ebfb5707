using k8s.Models;

using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Stats;

/// <summary>What a node and its pods use, read when somebody asks.</summary>
internal sealed class NodeStats(IContainerRuntime runtime, PodManager pods, NodeAgentOptions options, NodeFacts facts, Func<V1Pod, V1Volume, string>? volumePath, TimeProvider clock)
{
    private readonly CpuRates _rates = new();
    private readonly DateTimeOffset _bootedAt = clock.GetUtcNow() - TimeSpan.FromMilliseconds(Environment.TickCount64);

    public string NodeName => options.NodeName;

    public string RootDirectory => options.RootDirectory;

    public NodeFacts Facts => facts;

    public DateTimeOffset BootedAt => _bootedAt;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The whole machine's.</summary>
    public ResourceUsage Node => Cgroup.Root.Read(clock.GetUtcNow()) ?? ResourceUsage.None(clock.GetUtcNow());

    /// <summary>Of pods that are the node's; what is left of others is none of theirs.</summary>
    public async Task<IReadOnlyList<PodUsage>> PodsAsync(CancellationToken cancellationToken)
    {
        var containers = await runtime.GetUsageAsync(cancellationToken);
        _rates.Keep(containers.Select(container => container.Id).Append("").ToHashSet());
        return
        [
            .. containers.GroupBy(container => container.PodUid)
                .Select(group => (Pod: pods.Get(group.Key), Containers: group.ToList()))
                .Where(found => found.Pod is not null)
                .Select(found => new PodUsage(found.Pod!, found.Containers))
                .OrderBy(pod => pod.Pod.Namespace(), StringComparer.Ordinal).ThenBy(pod => pod.Pod.Name(), StringComparer.Ordinal),
        ];
    }

    public long Rate(ContainerUsage container) => _rates.Next(container.Id, container.Usage, container.StartedAt);

    public long NodeRate(ResourceUsage usage) => _rates.Next("", usage, _bootedAt);

    /// <summary>The folders of the pod's volumes that are the node's own, by the volumes' names: what is on a hostPath is not the pod's.</summary>
    public IEnumerable<(V1Volume Volume, string Path)> VolumesOf(V1Pod pod) => volumePath is null ? [] : (pod.Spec?.Volumes ?? [])
        .Where(volume => volume.HostPath is null)
        .Select(volume => (volume, volumePath(pod, volume)))
        .Where(found => Directory.Exists(found.Item2));

    /// <summary>Upstream's memory that is left: of a container its limit less its working set.</summary>
    public static long? AvailableOf(V1Pod pod, string container, long workingSet) =>
        pod.AllContainers().FirstOrDefault(spec => spec.Name == container)?.Resources?.Limits is { } limits && limits.TryGetValue("memory", out var limit)
            ? Math.Max(0, limit.ToInt64() - workingSet)
            : null;
}
