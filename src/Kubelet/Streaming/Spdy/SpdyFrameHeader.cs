using System.Buffers.Binary;

namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>
/// How every frame begins. A data frame: a zero bit, the stream's 31-bit id. A control frame: a one bit, 15 bits of version (3), 16 of type. Then, of both,
/// 8 bits of flags and 24 of length. Bytes go out with the most significant first.
/// </summary>
internal readonly record struct SpdyFrameHeader(bool IsControl, int Version, SpdyFrameType Type, int Stream, byte Flags, int Length)
{
    public const int Size = 8;

    /// <summary>Nothing more comes on the stream.</summary>
    public const byte Final = 1;

    public const int SpdyVersion = 3;

    public bool IsFinal => (Flags & Final) != 0;

    public static SpdyFrameHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var second = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        var (flags, length) = ((byte)(second >> 24), (int)(second & 0xFFFFFF));
        return first >> 31 == 0
            ? new SpdyFrameHeader(false, 0, default, (int)first, flags, length)
            : new SpdyFrameHeader(true, (int)(first >> 16) & 0x7FFF, (SpdyFrameType)(first & 0xFFFF), 0, flags, length);
    }

    public static SpdyFrameHeader Data(int stream, int length, byte flags = 0) => new(false, 0, default, stream, flags, length);

    public static SpdyFrameHeader Control(SpdyFrameType type, int length, byte flags = 0) => new(true, SpdyVersion, type, 0, flags, length);

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, IsControl ? 0x80000000u | ((uint)Version << 16) | (uint)Type : (uint)Stream);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], ((uint)Flags << 24) | (uint)Length);
    }
}
