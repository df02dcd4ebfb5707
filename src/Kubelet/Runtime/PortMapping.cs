namespace MiniKube.Kubelet.Runtime;

/// <summary>A port of the node that leads to a port of the pod. Protocol is TCP, UDP or SCTP.</summary>
internal sealed record PortMapping(int ContainerPort, int HostPort, string Protocol, string HostIp);
