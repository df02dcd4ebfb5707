using System.Net.Sockets;

using k8s;
using k8s.Models;

using MiniKube.Api.Addresses;
using MiniKube.Api.Meta;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>The endpoints of a service in one address family, grouped by the ports they serve on. Pure.</summary>
internal static class SliceEndpoints
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    public static IReadOnlyList<SliceGroup> Of(V1Service service, string addressType, IEnumerable<V1Pod> pods, ILister<V1Node> nodes) =>
    [
        .. pods
            .Where(pod => ServicePods.CanServe(pod, includeTerminating: true))
            .Select(pod => (Pod: pod, Address: Address(pod, addressType), Ports: Ports(service, pod)))
            .Where(entry => entry.Address is not null && (entry.Ports.Count > 0 || service.Spec?.Ports is null or { Count: 0 }))
            .GroupBy(entry => KubernetesJson.Serialize(entry.Ports))
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new SliceGroup(
                group.Key,
                group.First().Ports,
                [.. group.OrderBy(entry => entry.Pod.Metadata?.Uid, StringComparer.Ordinal)
                    .Select(entry => Endpoint(service, entry.Pod, entry.Address, nodes))])),
    ];

    private static V1Endpoint Endpoint(V1Service service, V1Pod pod, string? address, ILister<V1Node> nodes)
    {
        var terminating = pod.Metadata?.DeletionTimestamp is not null;
        var serving = pod.IsReady();
        return new V1Endpoint
        {
            Addresses = [address],
            Conditions = new V1EndpointConditions
            {
                Ready = service.Spec?.PublishNotReadyAddresses == true || (serving && !terminating),
                Serving = serving,
                Terminating = terminating,
            },
            Hostname = ServicePods.Hostname(pod, service),
            NodeName = pod.Spec?.NodeName,
            Zone = Zone(pod, nodes),
            TargetRef = ServicePods.Reference(pod),
        };
    }

    private static string? Zone(V1Pod pod, ILister<V1Node> nodes) =>
        nodes.TryGet(new NamespacedName("", pod.Spec?.NodeName ?? ""), out var node)
        && node.Metadata?.Labels?.TryGetValue(ZoneLabel, out var zone) == true
            ? zone
            : null;

    private static string? Address(V1Pod pod, string addressType)
    {
        var family = addressType == "IPv6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        return (pod.Status?.PodIPs ?? []).Select(address => address.Ip).Append(pod.Status?.PodIP)
            .FirstOrDefault(address => AddressText.TryParse(address, out var parsed) && parsed.AddressFamily == family);
    }

    private static List<Discoveryv1EndpointPort> Ports(V1Service service, V1Pod pod) =>
    [
        .. from port in service.Spec?.Ports ?? []
           let number = ServicePods.TargetPort(pod, port)
           where number is not null
           select new Discoveryv1EndpointPort { Name = port.Name ?? "", Port = number, Protocol = port.Protocol ?? "TCP", AppProtocol = port.AppProtocol },
    ];
}
