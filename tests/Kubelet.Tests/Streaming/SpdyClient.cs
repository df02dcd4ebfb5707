using System.Buffers.Binary;

using MiniKube.Kubelet.Streaming.Spdy;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>A client that says frames and hears them, one by one.</summary>
internal sealed class SpdyClient(Stream transport) : IDisposable
{
    public SpdyFrameWriter Frames { get; } = new(transport);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask OpenAsync(int stream, params (string Name, string Value)[] headers) => Frames.SynStreamAsync(stream, headers, Token);

    public ValueTask SendAsync(int stream, string text, bool isLast = false) =>
        Frames.DataAsync(stream, System.Text.Encoding.UTF8.GetBytes(text), isLast ? SpdyFrameHeader.Final : (byte)0, Token);

    public ValueTask SendRawAsync(string hex) => transport.WriteAsync(Convert.FromHexString(hex), Token);

    /// <summary>The next frame, as text: <c>reply 1</c>, <c>data 1 hello</c>, <c>end 1</c>, <c>reset 1 3</c>, <c>ping 1</c>, <c>goaway 0</c>, or <c>closed</c>.</summary>
    public async Task<string> ReadAsync()
    {
        var bytes = new byte[SpdyFrameHeader.Size];
        if (await transport.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, Token) == 0)
        {
            return "closed";
        }

        var header = SpdyFrameHeader.Parse(bytes);
        var payload = new byte[header.Length];
        await transport.ReadExactlyAsync(payload, Token);
        return header switch
        {
            { IsControl: false, IsFinal: true } => $"end {header.Stream}",
            { IsControl: false } => $"data {header.Stream} {System.Text.Encoding.UTF8.GetString(payload)}",
            { Type: SpdyFrameType.SynReply } => $"reply {Number(payload, 0)}",
            { Type: SpdyFrameType.RstStream } => $"reset {Number(payload, 0)} {Number(payload, 4)}",
            { Type: SpdyFrameType.Ping } => $"ping {Number(payload, 0)}",
            { Type: SpdyFrameType.GoAway } => $"goaway {Number(payload, 4)}",
            _ => header.ToString(),
        };
    }

    public void Dispose()
    {
        Frames.Dispose();
        transport.Dispose();
    }

    private static int Number(byte[] payload, int offset) => BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(offset));
}
