using System.Collections.Immutable;

using k8s.Models;

namespace MiniKube.Scheduler.Framework;

/// <summary>
/// What a pod asks of a node (KEP-753, KEP-2837): the containers and sidecars together, or the peak while the init containers run one after
/// another, whichever is more; then the overhead of its runtime class.
/// </summary>
internal static class PodRequests
{
    // Upstream's guess for scoring, when a container does not say: enough that such pods spread.
    private const long DefaultMilliCpu = 100;
    private const long DefaultMemory = 200 * 1024 * 1024;

    public static Resource Of(V1Pod pod) => Of(pod, Requests);

    /// <summary>The same with a guess for what containers do not ask for. Only for scoring.</summary>
    public static Resource NonZeroOf(V1Pod pod) => Of(pod, NonZeroRequests);

    private static Resource Of(V1Pod pod, Func<V1Container, Resource> requests)
    {
        var sum = Resource.Zero;
        foreach (var container in pod.Spec?.Containers ?? [])
        {
            sum += requests(container);
        }

        // A sidecar runs on beside the init containers after it and beside the containers.
        var sidecars = Resource.Zero;
        var peak = Resource.Zero;
        foreach (var container in pod.Spec?.InitContainers ?? [])
        {
            if (container.RestartPolicy == "Always")
            {
                sidecars += requests(container);
                peak = Resource.Max(peak, sidecars);
            }
            else
            {
                peak = Resource.Max(peak, sidecars + requests(container));
            }
        }

        sum = WithPodLevel(Resource.Max(sum + sidecars, peak), pod.Spec?.Resources?.Requests);
        return sum + Resource.From(pod.Spec?.Overhead);
    }

    // KEP-2837: what the pod as a whole asks for stands in for the sum over its containers.
    private static Resource WithPodLevel(Resource sum, IDictionary<string, ResourceQuantity>? requests)
    {
        foreach (var (name, quantity) in requests ?? ImmutableDictionary<string, ResourceQuantity>.Empty)
        {
            sum = sum.With(name, quantity);
        }

        return sum;
    }

    private static Resource Requests(V1Container container) => Resource.From(container.Resources?.Requests);

    private static Resource NonZeroRequests(V1Container container)
    {
        var requests = container.Resources?.Requests;
        var resource = Resource.From(requests);
        return resource with
        {
            MilliCpu = requests?.ContainsKey("cpu") == true ? resource.MilliCpu : DefaultMilliCpu,
            Memory = requests?.ContainsKey("memory") == true ? resource.Memory : DefaultMemory,
        };
    }
}
