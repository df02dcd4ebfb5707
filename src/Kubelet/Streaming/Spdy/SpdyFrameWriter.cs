using System.Buffers;
using System.Buffers.Binary;

namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>Writes frames, one at a time whoever asks for them.</summary>
internal sealed class SpdyFrameWriter(Stream transport) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SpdyHeaderWriter _headers = new();

    public void Dispose() => _turn.Dispose();

    public ValueTask DataAsync(int stream, ReadOnlyMemory<byte> data, byte flags, CancellationToken cancellationToken) =>
        WriteAsync(SpdyFrameHeader.Data(stream, data.Length, flags), data, cancellationToken);

    public ValueTask ResetAsync(int stream, int status, CancellationToken cancellationToken) =>
        WriteAsync(SpdyFrameHeader.Control(SpdyFrameType.RstStream, 2 * sizeof(int)), Numbers(stream, status), cancellationToken);

    public ValueTask PingAsync(int id, CancellationToken cancellationToken) =>
        WriteAsync(SpdyFrameHeader.Control(SpdyFrameType.Ping, sizeof(int)), Numbers(id), cancellationToken);

    public ValueTask GoAwayAsync(int lastStream, int status, CancellationToken cancellationToken) =>
        WriteAsync(SpdyFrameHeader.Control(SpdyFrameType.GoAway, 2 * sizeof(int)), Numbers(lastStream, status), cancellationToken);

    /// <summary>Opens a stream, as clients do.</summary>
    public ValueTask SynStreamAsync(int stream, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken cancellationToken) =>
        WithHeadersAsync(SpdyFrameType.SynStream, [.. Numbers(stream, 0), 0, 0], headers, cancellationToken);

    /// <summary>Accepts a stream.</summary>
    public ValueTask SynReplyAsync(int stream, CancellationToken cancellationToken) =>
        WithHeadersAsync(SpdyFrameType.SynReply, Numbers(stream), [], cancellationToken);

    private static byte[] Numbers(params ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        }

        return bytes;
    }

    // Blocks of headers are parts of one zlib stream: they must go out in the order in which they were made.
    private async ValueTask WithHeadersAsync(
        SpdyFrameType type, byte[] start, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            byte[] payload = [.. start, .. _headers.Write(headers)];
            await SendAsync(SpdyFrameHeader.Control(type, payload.Length), payload, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask WriteAsync(SpdyFrameHeader header, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await SendAsync(header, payload, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    // In one piece: a record of TLS, or a message of a WebSocket, for each.
    private async ValueTask SendAsync(SpdyFrameHeader header, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var length = SpdyFrameHeader.Size + payload.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            header.Write(buffer);
            payload.CopyTo(buffer.AsMemory(SpdyFrameHeader.Size));
            await transport.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            await transport.FlushAsync(cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
