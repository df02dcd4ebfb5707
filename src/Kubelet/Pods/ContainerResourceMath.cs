using k8s.Models;

using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Status;

namespace MiniKube.Kubelet.Pods;

/// <summary>Requests and limits in the kernel's terms. Upstream's formulas. Pure.</summary>
internal static class ContainerResourceMath
{
    private const long SharesPerCpu = 1024;
    private const long LeastShares = 2;
    private const long MostShares = 262_144;
    private const long QuotaPeriod = 100_000;
    private const long LeastQuota = 1_000;

    public static ContainerResources Of(V1Pod pod, V1Container container, long nodeMemory)
    {
        var limits = container.Resources?.Limits;
        var cpuLimit = Milli(limits, "cpu");
        var cpuRequest = container.Resources?.Requests?.ContainsKey("cpu") == true ? Milli(container.Resources.Requests, "cpu") : cpuLimit;
        return new ContainerResources(
            CpuShares: Math.Clamp(cpuRequest * SharesPerCpu / 1000, LeastShares, MostShares),
            CpuQuota: cpuLimit > 0 ? Math.Max(LeastQuota, cpuLimit * QuotaPeriod / 1000) : 0,
            Memory: Bytes(limits),
            OomScoreAdj: OomScore(pod, container, nodeMemory));
    }

    // The more memory a pod asked for, the later it is killed when there is none left.
    private static int OomScore(V1Pod pod, V1Container container, long nodeMemory)
    {
        switch (PodQos.Of(pod))
        {
            case PodQos.Guaranteed:
                return -997;
            case PodQos.BestEffort:
                return 1000;
            default:
                var request = Bytes(container.Resources?.Requests) is > 0 and var asked ? asked : Bytes(container.Resources?.Limits);
                var score = nodeMemory > 0 ? 1000 - (int)(1000 * request / nodeMemory) : 1000;
                return Math.Clamp(score, 3, 999);
        }
    }

    private static long Milli(IDictionary<string, ResourceQuantity>? list, string name) =>
        list is not null && list.TryGetValue(name, out var quantity) ? (long)Math.Ceiling(quantity.ToDecimal() * 1000) : 0;

    private static long Bytes(IDictionary<string, ResourceQuantity>? list) =>
        list is not null && list.TryGetValue("memory", out var quantity) ? (long)Math.Ceiling(quantity.ToDecimal()) : 0;
}
