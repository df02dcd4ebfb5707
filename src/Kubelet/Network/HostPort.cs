using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Network;

/// <summary>A port of the node that leads to a port of a pod.</summary>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="NodeAddress">The only address of the node that has it; empty for all.</param>
/// <param name="NodePort">The port there.</param>
/// <param name="PodPort">The container's.</param>
internal sealed record HostPort(string Protocol, string NodeAddress, int NodePort, int PodPort)
{
    /// <summary>Those of a pod that lives in a network of its own: in the node's it has its ports as they are.</summary>
    public static IReadOnlyList<HostPort> Of(V1Pod pod) => pod.HostNetwork() ? [] : AllOf(pod);

    /// <summary>All that the pod takes of the node's ports, whichever way.</summary>
    public static IReadOnlyList<HostPort> AllOf(V1Pod pod) =>
    [
        .. pod.Containers().Concat(pod.InitContainers().Where(PodExtensions.IsSidecar))
            .SelectMany(container => container.Ports ?? [])
            .Where(port => port.HostPort is > 0)
            .Select(port => new HostPort(
                (port.Protocol ?? "TCP").ToLowerInvariant(), port.HostIP is null or "0.0.0.0" or "::" ? "" : port.HostIP, port.HostPort ?? 0, port.ContainerPort)),
    ];

    /// <summary>Whether both cannot be there at once.</summary>
    public bool IsSame(HostPort other) => (Protocol, NodePort) == (other.Protocol, other.NodePort)
        && (NodeAddress.Length == 0 || other.NodeAddress.Length == 0 || NodeAddress == other.NodeAddress);
}
