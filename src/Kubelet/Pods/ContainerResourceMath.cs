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

    /// <summary>A container without a limit of its own has the pod's.</summary>
    public static ContainerResources Of(V1Pod pod, V1Container container, long nodeMemory)
    {
        var (own, whole) = (container.Resources?.Limits, pod.Spec?.Resources?.Limits);
        var cpuLimit = Milli(own, "cpu") is > 0 and var cpu ? cpu : Milli(whole, "cpu");
        var cpuRequest = container.Resources?.Requests?.ContainsKey("cpu") == true ? Milli(container.Resources.Requests, "cpu") : cpuLimit;
        var memory = Bytes(own) is > 0 and var bytes ? bytes : Bytes(whole);
        return new ContainerResources(Shares(cpuRequest), Quota(cpuLimit), memory, OomScore(pod, container, nodeMemory));
    }

    /// <summary>What all containers of a pod may use together; null unless the pod says so itself.</summary>
    public static ContainerResources? OfWhole(V1Pod pod) => pod.HasOwnResources()
        ? new ContainerResources(Shares(PodRequests.Of(pod).MilliCpu), Quota(Milli(pod.Spec.Resources.Limits, "cpu")), Bytes(pod.Spec.Resources.Limits))
        : null;

    private static long Shares(long milliCpu) => Math.Clamp(milliCpu * SharesPerCpu / 1000, LeastShares, MostShares);

    private static long Quota(long milliCpu) => milliCpu > 0 ? Math.Max(LeastQuota, milliCpu * QuotaPeriod / 1000) : 0;

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
                var score = nodeMemory > 0 ? 1000 - (int)(1000 * (request + ShareOfRest(pod)) / nodeMemory) : 1000;
                return Math.Clamp(score, 3, 999);
        }
    }

    // What the pod asks for beyond its containers counts for each alike.
    private static long ShareOfRest(V1Pod pod) => pod.Spec?.Resources?.Requests?.ContainsKey("memory") == true
        ? Math.Max(0, Bytes(pod.Spec.Resources.Requests) - PodRequests.OfContainers(pod).Memory) / Math.Max(1, pod.Containers().Count() + pod.InitContainers().Count())
        : 0;

    private static long Milli(IDictionary<string, ResourceQuantity>? list, string name) =>
        list is not null && list.TryGetValue(name, out var quantity) ? (long)Math.Ceiling(quantity.ToDecimal() * 1000) : 0;

    private static long Bytes(IDictionary<string, ResourceQuantity>? list) =>
        list is not null && list.TryGetValue("memory", out var quantity) ? (long)Math.Ceiling(quantity.ToDecimal()) : 0;
}
