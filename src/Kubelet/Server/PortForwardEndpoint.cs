using System.Net.WebSockets;

using MiniKube.Kubelet.Streaming;
using MiniKube.Kubelet.Streaming.Ports;
using MiniKube.Kubelet.Streaming.Spdy;
using MiniKube.Kubelet.Streaming.WebSockets;

namespace MiniKube.Kubelet.Server;

/// <summary><c>/portForward/{namespace}/{pod}</c>: joins a client with ports of a pod.</summary>
internal sealed class PortForwardEndpoint(PodLookup pods, TimeProvider clock, CancellationToken stopping)
{
    private const string SpdyVersion = "portforward.k8s.io";

    /// <summary>SPDY in the messages of a WebSocket, for proxies that know no other upgrade.</summary>
    private const string Tunnel = $"{SpdyUpgrade.Protocol}+{SpdyVersion}";

    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);

    public async Task HandleAsync(HttpContext context)
    {
        if (pods.Find(context) is not var (agent, pod))
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "pod does not exist");
            return;
        }

        var target = new PortForwardTarget(agent.Runtime, pod.Metadata?.Name ?? "", pod.Metadata?.Uid ?? "");
        switch (context.WantedUpgrade())
        {
            case StreamingUpgrade.Spdy:
                await OverSpdyAsync(context, target);
                break;
            case StreamingUpgrade.WebSocket when WebSocketUpgrade.Offered(context.Request).Contains(Tunnel):
                await OverTunnelAsync(context, target);
                break;
            case StreamingUpgrade.WebSocket:
                await OverChannelsAsync(context, target);
                break;
            default:
                await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "unable to upgrade: the request is for neither WebSocket nor SPDY/3.1");
                break;
        }
    }

    private async Task OverSpdyAsync(HttpContext context, PortForwardTarget target)
    {
        if (await SpdyUpgrade.NegotiateAsync(context, [SpdyVersion]) is { } version)
        {
            await using var connection = await SpdyUpgrade.AcceptAsync(context, version, clock);
            await SpdyPortForward.RunAsync(connection, target, stopping);
        }
    }

    private async Task OverTunnelAsync(HttpContext context, PortForwardTarget target)
    {
        if (WebSocketUpgrade.FindFault(context.Request) is { } fault)
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, $"unable to upgrade: {fault}");
            return;
        }

        using var socket = await WebSocketUpgrade.AcceptAsync(context, Tunnel);
        await using var connection = new SpdyConnection(WebSocketStream.Create(socket, WebSocketMessageType.Binary, FarewellLimit), clock);
        await SpdyPortForward.RunAsync(connection, target, stopping);
    }

    private async Task OverChannelsAsync(HttpContext context, PortForwardTarget target)
    {
        var (ports, fault) = ChannelPortForward.ParsePorts(context.Request.Query);
        if (fault is not null)
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, fault);
        }
        else if (await WebSocketChoice.NegotiateAsync(context, ChannelProtocol.OfPorts) is { } protocol)
        {
            await using var connection = new WebSocketChannels(await WebSocketUpgrade.AcceptAsync(context, protocol.Name), protocol, 2 * ports.Count, clock);
            await ChannelPortForward.RunAsync(connection, ports, target, stopping);
        }
    }
}
