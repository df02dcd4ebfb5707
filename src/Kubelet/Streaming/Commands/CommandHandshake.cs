using MiniKube.Kubelet.Streaming.Spdy;
using MiniKube.Kubelet.Streaming.WebSockets;

namespace MiniKube.Kubelet.Streaming.Commands;

/// <summary>Turns a request for a command into a connection with its channels, in whatever protocol the client speaks.</summary>
internal static class CommandHandshake
{
    /// <summary>Upstream's limit for the client to open what it asked for.</summary>
    private static readonly TimeSpan CreationLimit = TimeSpan.FromSeconds(30);

    private const string V1 = "channel.k8s.io";
    private const string V2 = "v2.channel.k8s.io";
    private const string V3 = "v3.channel.k8s.io";
    private const string V4 = "v4.channel.k8s.io";

    /// <summary>v5 differs from v4 only over WebSocket: a client that offers it on SPDY gets v4, as from upstream.</summary>
    private static readonly string[] SpdyVersions = [V4, V3, V2, V1];

    /// <summary>Channel 0, 1, … of a WebSocket.</summary>
    private static readonly string[] ChannelNames = ["stdin", "stdout", "stderr", "error", "resize"];

    /// <summary>Null after having told the client why not.</summary>
    public static async Task<CommandConnection?> AcceptAsync(HttpContext context, CommandOptions options, TimeProvider clock)
    {
        switch (context.WantedUpgrade())
        {
            case StreamingUpgrade.WebSocket:
                return await OverWebSocketAsync(context, options, clock);
            case StreamingUpgrade.Spdy:
                return await OverSpdyAsync(context, options, clock);
            default:
                await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "unable to upgrade: the request is for neither WebSocket nor SPDY/3.1");
                return null;
        }
    }

    private static async Task<CommandConnection?> OverWebSocketAsync(HttpContext context, CommandOptions options, TimeProvider clock)
    {
        if (await WebSocketChoice.NegotiateAsync(context, ChannelProtocol.OfCommands) is not { } protocol)
        {
            return null;
        }

        var connection = new WebSocketChannels(await WebSocketUpgrade.AcceptAsync(context, protocol.Name), protocol, ChannelNames.Length, clock);
        var wanted = Names(options, hasResize: options.Tty);
        var channels = new Dictionary<string, ChannelStream>();
        for (var id = 0; id < ChannelNames.Length; id++)
        {
            if (wanted.Contains(ChannelNames[id]))
            {
                channels[ChannelNames[id]] = connection.Channel(id);
            }
            else
            {
                connection.Channel(id).Ignore();
            }
        }

        // As upstream: an empty message says that the connection stands.
        var first = options.Stdout ? "stdout" : options.Stderr ? "stderr" : "error";
        await channels[first].WriteAsync(ReadOnlyMemory<byte>.Empty, context.RequestAborted);
        return new CommandConnection(connection, channels, protocol.HasStatus);
    }

    private static async Task<CommandConnection?> OverSpdyAsync(HttpContext context, CommandOptions options, TimeProvider clock)
    {
        if (await SpdyUpgrade.NegotiateAsync(context, SpdyVersions) is not { } version)
        {
            return null;
        }

        var wanted = Names(options, hasResize: options.Tty && version is V3 or V4);
        var connection = await SpdyUpgrade.AcceptAsync(context, version, clock);
        var channels = new Dictionary<string, ChannelStream>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.Lost);
        limit.CancelAfter(CreationLimit);
        try
        {
            while (channels.Count < wanted.Count)
            {
                var opened = await connection.Opened.ReadAsync(limit.Token);
                if (!wanted.Contains(opened.Type) || !channels.TryAdd(opened.Type, opened.Stream))
                {
                    await connection.ResetAsync(opened.Stream, limit.Token);
                }
            }

            return new CommandConnection(connection, channels, version == V4);
        }
        catch (Exception exception) when (exception is OperationCanceledException or System.Threading.Channels.ChannelClosedException or IOException)
        {
            // The client has gone, or never opens what it asked for.
            await connection.DisposeAsync();
            return null;
        }
    }

    private static HashSet<string> Names(CommandOptions options, bool hasResize)
    {
        var names = new HashSet<string> { "error" };
        foreach (var (name, isWanted) in ((string, bool)[])[("stdin", options.Stdin), ("stdout", options.Stdout), ("stderr", options.Stderr), ("resize", hasResize)])
        {
            if (isWanted)
            {
                names.Add(name);
            }
        }

        return names;
    }
}
