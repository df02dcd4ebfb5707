using System.Net.Sockets;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Streaming.Ports;

/// <summary>The pod whose ports are forwarded. Its sandbox is looked up for each connection: it may have been made anew.</summary>
internal sealed record PortForwardTarget(IContainerRuntime Runtime, string Name, string Uid)
{
    /// <summary>A connection with the port on the pod's own loopback; failures are <see cref="ContainerRuntimeException"/>.</summary>
    public async Task<Socket> DialAsync(int port, CancellationToken cancellationToken)
    {
        var pod = await Runtime.GetPodAsync(Uid, cancellationToken);
        return pod.Sandbox is { Ready: true } sandbox
            ? await Runtime.Streaming.DialAsync(sandbox.Id, port, cancellationToken)
            : throw new ContainerRuntimeException("sandbox is not running");
    }
}
