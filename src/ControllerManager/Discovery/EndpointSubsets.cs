using k8s.Models;

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
        return
        [
            .. pods
                .Where(pod => ServicePods.CanServe(pod, publishNotReady))
                .Select(pod => (Pod: pod, Ready: publishNotReady || pod.IsReady(), Ports: Ports(service, pod)))
                .Where(entry => entry.Ports.Count > 0 || IsPortless(service))
                .GroupBy(entry => string.Join(',', entry.Ports.Select(Text)))
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new V1EndpointSubset
                {
                    Addresses = Addresses(service, group.Where(entry => entry.Ready).Select(entry => entry.Pod)),
                    NotReadyAddresses = Addresses(service, group.Where(entry => !entry.Ready).Select(entry => entry.Pod)),
                    Ports = group.First().Ports is { Count: > 0 } ports ? ports : null,
                }),
        ];
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
        return ([.. kept], true);
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

        return [.. ports.OrderBy(Text, StringComparer.Ordinal)];
    }

    private static string Text(Corev1EndpointPort port) => $"{port.Name}/{port.Port}/{port.Protocol}/{port.AppProtocol}";

    private static List<V1EndpointAddress>? Addresses(V1Service service, IEnumerable<V1Pod> pods)
    {
        var addresses = pods
            .OrderBy(pod => pod.Status?.PodIP, StringComparer.Ordinal)
            .ThenBy(pod => pod.Metadata?.Uid, StringComparer.Ordinal)
            .Select(pod => new V1EndpointAddress
            {
                Ip = pod.Status?.PodIP,
                NodeName = pod.Spec?.NodeName,
                Hostname = ServicePods.Hostname(pod, service),
                TargetRef = ServicePods.Reference(pod),
            })
            .ToList();
        return addresses.Count == 0 ? null : addresses;
    }

    private static List<V1EndpointAddress>? Take(IList<V1EndpointAddress>? addresses, ref int left)
    {
        var taken = (addresses ?? []).Take(left).ToList();
        left -= taken.Count;
        return taken.Count == 0 ? null : taken;
    }
}
