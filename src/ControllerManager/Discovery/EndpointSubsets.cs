using k8s.Models;

using MiniKube.Api.Discovery;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>The subsets of an Endpoints object: addresses that share a set of ports. Pure, and in a stable order.</summary>
internal static class EndpointSubsets
{
    /// <summary>Upstream's limit; ready addresses are kept first.</summary>
    public const int MaxAddresses = 1000;

    public static IReadOnlyList<V1EndpointSubset> Of(V1Service service, IEnumerable<V1Pod> pods)
    {
        var publishNotReady = service.Spec?.PublishNotReadyAddresses == true;
        return SubsetPacking.Pack(pods
            .Where(pod => ServicePods.CanServe(pod, publishNotReady))
            .Select(pod => OfPod(service, pod, publishNotReady || pod.IsReady()))
            .Where(subset => subset.Ports.Count > 0 || IsPortless(service)));
    }

    /// <summary>No more than the limit, not ready ones dropped first.</summary>
    public static (IReadOnlyList<V1EndpointSubset> Subsets, bool Truncated) Truncate(IReadOnlyList<V1EndpointSubset> subsets)
    {
        if (subsets.Sum(subset => (subset.Addresses?.Count ?? 0) + (subset.NotReadyAddresses?.Count ?? 0)) <= MaxAddresses)
        {
            return (subsets, false);
        }

        var left = MaxAddresses;
        var ready = subsets.Select(subset => Take(subset.Addresses, ref left)).ToList();
        var notReady = subsets.Select(subset => Take(subset.NotReadyAddresses, ref left)).ToList();
        var kept = subsets
            .Select((subset, i) => subset with { Addresses = ready[i], NotReadyAddresses = notReady[i] })
            .Where(subset => subset.Addresses is not null || subset.NotReadyAddresses is not null);

        // What was different before may be alike now.
        return (SubsetPacking.Pack(kept), true);
    }

    private static V1EndpointSubset OfPod(V1Service service, V1Pod pod, bool isReady)
    {
        List<V1EndpointAddress> addresses =
        [
            new V1EndpointAddress
            {
                Ip = pod.Status?.PodIP,
                NodeName = pod.Spec?.NodeName,
                Hostname = ServicePods.Hostname(pod, service),
                TargetRef = ServicePods.Reference(pod),
            },
        ];
        return new V1EndpointSubset
        {
            Addresses = isReady ? addresses : null,
            NotReadyAddresses = isReady ? null : addresses,
            Ports = Ports(service, pod),
        };
    }

    private static bool IsPortless(V1Service service) => ServicePods.IsHeadless(service) && service.Spec?.Ports is null or { Count: 0 };

    private static List<Corev1EndpointPort> Ports(V1Service service, V1Pod pod)
    {
        var ports = new List<Corev1EndpointPort>();
        foreach (var port in service.Spec?.Ports ?? [])
        {
            if (ServicePods.TargetPort(pod, port) is { } number)
            {
                ports.Add(new Corev1EndpointPort
                {
                    Name = string.IsNullOrEmpty(port.Name) ? null : port.Name,
                    Port = number,
                    Protocol = port.Protocol ?? "TCP",
                    AppProtocol = port.AppProtocol,
                });
            }
        }

        return ports;
    }

    private static List<V1EndpointAddress>? Take(IList<V1EndpointAddress>? addresses, ref int left)
    {
        var taken = (addresses ?? []).Take(left).ToList();
        left -= taken.Count;
        return taken.Count == 0 ? null : taken;
    }
}
