using k8s.Models;

namespace MiniKube.Kubelet.Stats;

/// <summary>What a pod uses: its containers and its sandbox.</summary>
internal sealed record PodUsage(V1Pod Pod, IReadOnlyList<ContainerUsage> All)
{
    public IEnumerable<ContainerUsage> Containers => All.Where(container => !container.IsSandbox).OrderBy(container => container.Name, StringComparer.Ordinal);

    public ContainerUsage? Sandbox => All.FirstOrDefault(container => container.IsSandbox);

    public ResourceUsage Total => All.Select(container => container.Usage).Aggregate((sum, next) => sum + next);
}
