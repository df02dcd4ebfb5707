using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>
/// The server's side of a SPDY/3.1 connection (draft-mbelshe-httpbis-spdy-00) as far as Kubernetes' clients use it. Their library has no windows: it neither sends
/// updates of them nor waits for any, and so does this; what slows a client down is the connection itself.
/// </summary>
internal sealed class SpdyConnection : IChannelConnection
{
    // Enough for 500 forwarded connections at once.
    private const int MostStreams = 1000;
    private const int LargestControlFrame = 64 * 1024;
    private const int ChunkSize = 32 * 1024;
    private const int ProtocolError = 1;
    private const int RefusedStream = 3;
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);

    private readonly Stream _transport;
    private readonly TimeProvider _clock;
    private readonly SpdyFrameWriter _frames;
    private readonly SpdyHeaderReader _headers = new();
    private readonly ConcurrentDictionary<int, OpenStream> _streams = [];
    private readonly Channel<SpdyStreamRequest> _opened = Channel.CreateUnbounded<SpdyStreamRequest>();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private int _lastStream;

    public SpdyConnection(Stream transport, TimeProvider clock)
    {
        _transport = transport;
        _clock = clock;
        _frames = new SpdyFrameWriter(transport);
        _reading = ReadAllAsync(_stop.Token);
    }

    public CancellationToken Lost => _lost.Token;

    /// <summary>The streams in the order in which the client opens them; ends with the connection.</summary>
    public ChannelReader<SpdyStreamRequest> Opened => _opened.Reader;

    public ValueTask SendAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        _streams.ContainsKey(channel)
            ? _frames.DataAsync(channel, data, 0, cancellationToken)
            : throw new IOException($"the client has closed stream {channel}");

    public async ValueTask EndAsync(int channel, CancellationToken cancellationToken)
    {
        if (_streams.TryGetValue(channel, out var stream) && !stream.HasSentEnd)
        {
            stream.HasSentEnd = true;
            RemoveIfDone(channel, stream);
            await _frames.DataAsync(channel, default, SpdyFrameHeader.Final, cancellationToken);
        }
    }

    /// <summary>Ends a stream at once, in both directions.</summary>
    public async ValueTask ResetAsync(ChannelStream stream, CancellationToken cancellationToken)
    {
        if (_streams.TryRemove(stream.Id, out _))
        {
            await _frames.ResetAsync(stream.Id, RefusedStream, cancellationToken);
        }
    }

    public async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(FarewellLimit, _clock);
        try
        {
            await _frames.GoAwayAsync(_lastStream, 0, patience.Token);
            await _reading.WaitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It is gone already, or does not go: either way the connection ends now.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await _transport.DisposeAsync();
        _frames.Dispose();
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        // The caller goes on at once, whatever has come already.
        await Task.Yield();
        Exception? failure = null;
        try
        {
            while (await ReadHeaderAsync(cancellationToken) is { } header)
            {
                await (header.IsControl ? ControlAsync(header, cancellationToken) : DataAsync(header, cancellationToken));
            }
        }
        catch (SpdyException exception)
        {
            failure = exception;
            await TryGoAwayAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Net.WebSockets.WebSocketException)
        {
            failure = exception;
        }

        _opened.Writer.TryComplete();
        foreach (var stream in _streams.Values)
        {
            await stream.Channel.Incoming.CompleteAsync(stream.HasHeardEnd || failure is null ? null : new IOException(failure.Message, failure));
        }

        await _lost.CancelAsync();
    }

    private async Task TryGoAwayAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _frames.GoAwayAsync(_lastStream, ProtocolError, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Whoever breaks the rules may also be gone.
        }
    }

    private async ValueTask<SpdyFrameHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var bytes = new byte[SpdyFrameHeader.Size];
        var count = await _transport.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (count == 0)
        {
            return null;
        }

        return count == bytes.Length ? SpdyFrameHeader.Parse(bytes) : throw new SpdyException("the connection ended within a frame");
    }

    private async Task DataAsync(SpdyFrameHeader header, CancellationToken cancellationToken)
    {
        // What comes for a stream that is no more was sent before its sender could know.
        var stream = _streams.GetValueOrDefault(header.Stream) is { HasHeardEnd: false } open ? open : null;
        var left = header.Length;
        var discarded = stream is null ? new byte[Math.Min(left, ChunkSize)] : [];
        while (left > 0)
        {
            var buffer = stream?.Channel.Incoming.GetMemory(Math.Min(left, ChunkSize)) ?? discarded;
            var count = await _transport.ReadAsync(buffer[..Math.Min(left, buffer.Length)], cancellationToken);
            if (count == 0)
            {
                throw new SpdyException("the connection ended within a frame");
            }

            left -= count;
            if (stream is not null)
            {
                stream.Channel.Incoming.Advance(count);
                await stream.Channel.Incoming.FlushAsync(cancellationToken);
            }
        }

        if (header.IsFinal && stream is not null)
        {
            await HearEndAsync(header.Stream, stream);
        }
    }

    private async Task ControlAsync(SpdyFrameHeader header, CancellationToken cancellationToken)
    {
        if (header.Version != SpdyFrameHeader.SpdyVersion)
        {
            throw new SpdyException($"version {header.Version} is not spoken here");
        }

        if (header.Length > LargestControlFrame)
        {
            throw new SpdyException($"a control frame of {header.Length} bytes is too large");
        }

        var payload = new byte[header.Length];
        await _transport.ReadExactlyAsync(payload, cancellationToken);
        switch (header.Type)
        {
            case SpdyFrameType.SynStream:
                await OpenAsync(header, payload, cancellationToken);
                break;
            case SpdyFrameType.RstStream when _streams.TryRemove(Number(payload), out var stream):
                await stream.Channel.Incoming.CompleteAsync(new IOException("the client has reset the stream"));
                break;
            case SpdyFrameType.Headers:
                await HeadersAsync(header, payload);
                break;
            // Even numbers are the server's own, which sends none.
            case SpdyFrameType.Ping when (Number(payload) & 1) == 1:
                await _frames.PingAsync(Number(payload), cancellationToken);
                break;
            default:
                // Settings, windows and good-byes change nothing here, and unknown types are to be passed over.
                break;
        }
    }

    private async Task OpenAsync(SpdyFrameHeader header, byte[] payload, CancellationToken cancellationToken)
    {
        const int FixedPart = 10;
        var id = Number(payload);
        if (payload.Length < FixedPart || id <= _lastStream || (id & 1) == 0)
        {
            throw new SpdyException($"stream {id} must not be opened");
        }

        _lastStream = id;
        var headers = _headers.Read(payload[FixedPart..]);
        if (_streams.Count >= MostStreams)
        {
            await _frames.ResetAsync(id, RefusedStream, cancellationToken);
            return;
        }

        var stream = new OpenStream(new ChannelStream(id, this));
        _streams[id] = stream;

        // First: data that comes before the reply is not heard.
        await _frames.SynReplyAsync(id, cancellationToken);
        _opened.Writer.TryWrite(new SpdyStreamRequest(stream.Channel, headers));
        if (header.IsFinal)
        {
            await HearEndAsync(id, stream);
        }
    }

    // They must be unpacked, since later ones build on them.
    private async Task HeadersAsync(SpdyFrameHeader header, byte[] payload)
    {
        var id = Number(payload);
        _headers.Read(payload[sizeof(int)..]);
        if (header.IsFinal && _streams.TryGetValue(id, out var stream) && !stream.HasHeardEnd)
        {
            await HearEndAsync(id, stream);
        }
    }

    private async Task HearEndAsync(int id, OpenStream stream)
    {
        stream.HasHeardEnd = true;
        RemoveIfDone(id, stream);
        await stream.Channel.Incoming.CompleteAsync();
    }

    private void RemoveIfDone(int id, OpenStream stream)
    {
        if (stream is { HasHeardEnd: true, HasSentEnd: true })
        {
            _streams.TryRemove(id, out _);
        }
    }

    private static int Number(ReadOnlySpan<byte> payload) => payload.Length >= sizeof(int)
        ? (int)(BinaryPrimitives.ReadUInt32BigEndian(payload) & 0x7FFFFFFF)
        : throw new SpdyException("a frame is too short");

    private sealed class OpenStream(ChannelStream channel)
    {
        public ChannelStream Channel { get; } = channel;

        public volatile bool HasHeardEnd;

        public volatile bool HasSentEnd;
    }
}
