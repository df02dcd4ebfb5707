using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>
/// What a pod asks of its node: thousandths of a CPU, and bytes of memory. What it asks for as a whole (KEP-2837), or else the containers and sidecars together or, if more, the peak
/// while the init containers run.
/// </summary>
internal sealed record PodRequests(long MilliCpu, long Memory)
{
    public static readonly PodRequests None = new(0, 0);

    public static PodRequests operator +(PodRequests left, PodRequests right) => new(left.MilliCpu + right.MilliCpu, left.Memory + right.Memory);

    public static PodRequests Of(V1Pod pod)
    {
        var sum = OfContainers(pod);
        var whole = pod.Spec?.Resources?.Requests;
        return new PodRequests(Has(whole, "cpu") ? Of(whole).MilliCpu : sum.MilliCpu, Has(whole, "memory") ? Of(whole).Memory : sum.Memory) + Of(pod.Spec?.Overhead);
    }

    /// <summary>What the containers ask for themselves.</summary>
    public static PodRequests OfContainers(V1Pod pod)
    {
        var (sidecars, peak) = (None, None);
        foreach (var container in pod.InitContainers())
        {
            peak = Max(peak, sidecars + Of(container));
            sidecars = container.IsSidecar() ? sidecars + Of(container) : sidecars;
        }

        return Max(pod.Containers().Select(Of).Aggregate(sidecars, (sum, next) => sum + next), peak);
    }

    private static PodRequests Of(V1Container container) => Of(container.Resources?.Requests);

    private static PodRequests Of(IDictionary<string, ResourceQuantity>? list) => new(Amount(list, "cpu", 1000), Amount(list, "memory", 1));

    private static bool Has(IDictionary<string, ResourceQuantity>? list, string name) => list?.ContainsKey(name) == true;

    private static PodRequests Max(PodRequests left, PodRequests right) => new(Math.Max(left.MilliCpu, right.MilliCpu), Math.Max(left.Memory, right.Memory));

    private static long Amount(IDictionary<string, ResourceQuantity>? list, string name, int unit) =>
        list is not null && list.TryGetValue(name, out var quantity) ? (long)Math.Ceiling(quantity.ToDecimal() * unit) : 0;
}
