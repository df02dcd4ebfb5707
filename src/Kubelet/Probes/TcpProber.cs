using System.Net.Sockets;

using k8s.Models;

using MiniKube.Hosting;
using MiniKube.Kubelet.Network;

namespace MiniKube.Kubelet.Probes;

/// <summary>A port that can be connected to is well.</summary>
internal static class TcpProber
{
    public static async Task<ProbeOutcome> ProbeAsync(
        V1TCPSocketAction action, V1Container container, string podIp, NodeNetwork network, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (ContainerPorts.Resolve(container, action.Port) is not { } port)
        {
            return new ProbeOutcome(false, $"couldn't find port: {action.Port?.Value} in container {container.Name}");
        }

        var host = string.IsNullOrEmpty(action.Host) ? podIp : action.Host;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var socket = await network.ConnectAsync(host, port, limit.Token);
            return new ProbeOutcome(true, "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeOutcome(false, $"dial tcp {host}:{port}: i/o timeout");
        }
        catch (SocketException exception)
        {
            return new ProbeOutcome(false, DialError.Describe(host, port, exception));
        }
    }
}
