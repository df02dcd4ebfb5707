using System.Buffers;
using System.Buffers.Text;
using System.Net.WebSockets;

namespace MiniKube.Kubelet.Streaming.WebSockets;

/// <summary>
/// Channels over a WebSocket: the first byte of each message is the channel's number. In v5 the message <c>[255, channel]</c> says that nothing more comes on a
/// channel. In the base64 forms the number is a digit, and what follows is text.
/// </summary>
internal sealed class WebSocketChannels : IChannelConnection
{
    private const int CloseSignal = 255;
    private const int BufferSize = 32 * 1024;

    // A message of base64 is decoded whole. Others are passed on as they come, however long.
    private const int LargestText = 1024 * 1024;
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly ChannelProtocol _protocol;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Open[] _channels;
    private readonly Task _reading;

    /// <param name="socket">The connection, which is closed with this.</param>
    /// <param name="protocol">How the channels are said.</param>
    /// <param name="channels">How many there are.</param>
    /// <param name="clock">Limits how long a farewell may take.</param>
    public WebSocketChannels(WebSocket socket, ChannelProtocol protocol, int channels, TimeProvider clock)
    {
        _socket = socket;
        _protocol = protocol;
        _clock = clock;
        _channels = [.. Enumerable.Range(0, channels).Select(id => new Open(new ChannelStream(id, this)))];
        _reading = ReadAllAsync(_stop.Token);
    }

    public CancellationToken Lost => _lost.Token;

    public ChannelStream Channel(int id) => _channels[id].Stream;

    public async ValueTask SendAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 + (_protocol.IsBase64 ? Base64.GetMaxEncodedToUtf8Length(data.Length) : data.Length));
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var length = Encode(channel, data.Span, buffer);
            var type = _protocol.IsBase64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
            await _socket.SendAsync(buffer.AsMemory(0, length), type, endOfMessage: true, cancellationToken);
        }
        catch (WebSocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
        finally
        {
            _turn.Release();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Only clients have words for it; the server ends all channels at once, by closing.
    public ValueTask EndAsync(int channel, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(FarewellLimit, _clock);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", patience.Token);
            await _reading.WaitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // It is gone already, or does not go: either way the connection ends now.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _turn.Dispose();
        _stop.Dispose();
        _lost.Dispose();
    }

    private int Encode(int channel, ReadOnlySpan<byte> data, Span<byte> buffer)
    {
        if (!_protocol.IsBase64)
        {
            buffer[0] = (byte)channel;
            data.CopyTo(buffer[1..]);
            return 1 + data.Length;
        }

        buffer[0] = (byte)('0' + channel);
        Base64.EncodeToUtf8(data, buffer[1..], out _, out var written);
        return 1 + written;
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        // The caller goes on at once, whatever has come already.
        await Task.Yield();
        Exception? failure = null;
        try
        {
            var buffer = new byte[BufferSize];
            while (await (_protocol.IsBase64 ? ReadTextAsync(buffer, cancellationToken) : ReadBinaryAsync(buffer, cancellationToken)))
            {
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            failure = exception;
        }

        foreach (var channel in _channels.Where(channel => !channel.HasEnded))
        {
            await channel.Stream.Incoming.CompleteAsync(failure is null ? null : new IOException(failure.Message, failure));
        }

        await _lost.CancelAsync();
    }

    /// <summary>Passes a message on piece by piece; false at the end of the connection.</summary>
    private async Task<bool> ReadBinaryAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        var received = await ReceiveAsync(buffer, cancellationToken);
        if (received is null)
        {
            return false;
        }

        var channel = received.Value.Count > 0 ? buffer[0] : -1;
        if (channel == CloseSignal && _protocol.HasCloseSignal && received.Value.Count > 1)
        {
            await EndIncomingAsync(buffer[1]);
        }

        var start = Math.Min(1, received.Value.Count);
        while (true)
        {
            await PassAsync(channel, buffer.AsMemory(start, received.Value.Count - start), cancellationToken);
            if (received.Value.EndOfMessage)
            {
                return true;
            }

            received = await ReceiveAsync(buffer, cancellationToken);
            if (received is null)
            {
                return false;
            }

            start = 0;
        }
    }

    private async Task<bool> ReadTextAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        while (await ReceiveAsync(buffer, cancellationToken) is { } received)
        {
            message.Write(buffer, 0, received.Count);
            if (message.Length > LargestText)
            {
                await CloseBecauseAsync(WebSocketCloseStatus.MessageTooBig, cancellationToken);
                return false;
            }

            if (received.EndOfMessage)
            {
                return await PassTextAsync(message.ToArray(), cancellationToken);
            }
        }

        return false;
    }

    private async Task<bool> PassTextAsync(byte[] message, CancellationToken cancellationToken)
    {
        if (message.Length == 0)
        {
            return true;
        }

        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(message.Length)];
        if (Base64.DecodeFromUtf8(message.AsSpan(1), decoded, out _, out var length) != OperationStatus.Done)
        {
            await CloseBecauseAsync(WebSocketCloseStatus.InvalidPayloadData, cancellationToken);
            return false;
        }

        await PassAsync(message[0] - '0', decoded.AsMemory(0, length), cancellationToken);
        return true;
    }

    private async Task CloseBecauseAsync(WebSocketCloseStatus status, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _socket.CloseOutputAsync(status, "", cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<ValueWebSocketReceiveResult?> ReceiveAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        var received = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
        return received.MessageType == WebSocketMessageType.Close ? null : received;
    }

    // Channels that there are not, or that have ended, are passed over, as upstream does.
    private async ValueTask PassAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.Length > 0 && channel >= 0 && channel < _channels.Length && !_channels[channel].HasEnded)
        {
            await _channels[channel].Stream.Incoming.WriteAsync(data, cancellationToken);
        }
    }

    private async ValueTask EndIncomingAsync(int channel)
    {
        if (channel < _channels.Length && !_channels[channel].HasEnded)
        {
            _channels[channel].HasEnded = true;
            await _channels[channel].Stream.Incoming.CompleteAsync();
        }
    }

    private sealed class Open(ChannelStream stream)
    {
        public ChannelStream Stream { get; } = stream;

        /// <summary>Written and read by the reader of the connection only.</summary>
        public bool HasEnded { get; set; }
    }
}
