using System.Buffers.Binary;
using System.Globalization;

using MiniKube.Kubelet.Streaming.WebSockets;

namespace MiniKube.Kubelet.Streaming.Ports;

/// <summary>
/// Port forwarding over the channels of a WebSocket: the query names the ports, each once, and each has two channels, data and error. The first message on
/// each is the port's number, 16 bits, least significant byte first.
/// </summary>
internal static class ChannelPortForward
{
    // Two channels a port, numbered by one byte; 255 is taken.
    private const int MostPorts = 127;

    /// <summary>The ports of a query, or what is wrong with it, in upstream's words.</summary>
    public static (IReadOnlyList<int> Ports, string? Fault) ParsePorts(IQueryCollection query)
    {
        var ports = new List<int>();
        var texts = query["port"].SelectMany(value => (value ?? "").Split(',')).ToList();
        if (texts.Count == 0)
        {
            return (ports, "query parameter \"port\" is required");
        }

        foreach (var text in texts)
        {
            if (text.Length == 0)
            {
                return ([], "query parameter \"port\" cannot be empty");
            }

            if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                return ([], $"unable to parse \"{text}\" as a port");
            }

            if (port == 0)
            {
                return ([], $"port \"{text}\" must be > 0");
            }

            ports.Add(port);
        }

        return ports.Count <= MostPorts ? (ports, null) : ([], $"{ports.Count} ports are more than {MostPorts}");
    }

    /// <summary>Serves until each port has said all, or the client closes.</summary>
    public static async Task RunAsync(WebSocketChannels connection, IReadOnlyList<int> ports, PortForwardTarget target, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(connection.Lost, cancellationToken);
        var forwarded = ports.Select((port, i) => new ForwardedPort(port, connection.Channel(2 * i), connection.Channel((2 * i) + 1))).ToList();
        try
        {
            foreach (var port in forwarded)
            {
                port.Error.Ignore();
                await port.Data.WriteAsync(Number(port.Port), stop.Token);
                await port.Error.WriteAsync(Number(port.Port), stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return;
        }

        await Task.WhenAll(forwarded.Select(port => port.RunAsync(target, waitsForClient: false, stop.Token)));
        await connection.CloseAsync();
    }

    private static byte[] Number(int port)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)port);
        return bytes;
    }
}
