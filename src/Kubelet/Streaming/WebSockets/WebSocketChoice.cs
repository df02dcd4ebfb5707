namespace MiniKube.Kubelet.Streaming.WebSockets;

/// <summary>Chooses what is spoken on a WebSocket.</summary>
internal static class WebSocketChoice
{
    /// <summary>The first of the client's protocols that is spoken here; the unnamed one for clients that name none. Null after having told the client why not.</summary>
    public static async Task<ChannelProtocol?> NegotiateAsync(HttpContext context, IReadOnlyList<ChannelProtocol> protocols)
    {
        var offered = WebSocketUpgrade.Offered(context.Request);
        if (WebSocketUpgrade.FindFault(context.Request) is { } fault)
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, $"unable to upgrade: {fault}");
            return null;
        }

        if (offered.Count == 0)
        {
            return ChannelProtocol.Unnamed;
        }

        if (offered.Select(name => protocols.FirstOrDefault(protocol => protocol.Name == name)).FirstOrDefault(found => found is not null) is { } chosen)
        {
            return chosen;
        }

        await PlainAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden,
            $"requested protocol(s) are not supported: [{string.Join(' ', offered)}]; supports [{string.Join(' ', protocols.Select(protocol => protocol.Name))}]");
        return null;
    }
}
