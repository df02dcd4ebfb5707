using System.Buffers.Binary;
using System.Text;

namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>
/// Writes the headers of one connection's frames. What is sent here is a few bytes, so that they are not compressed: each block is a stored one (RFC 1951, 3.2.4) of
/// the connection's zlib stream, which begins by naming the dictionary (RFC 1950, 2.2). An empty block follows, as zlib's flush makes it: Go's reader hands out what
/// it has only then.
/// </summary>
internal sealed class SpdyHeaderWriter
{
    private bool _hasBegun;

    /// <summary>At most 64 KiB of them.</summary>
    public byte[] Write(params IReadOnlyCollection<(string Name, string Value)> headers)
    {
        using var plain = new MemoryStream();
        WriteNumber(plain, headers.Count);
        foreach (var (name, value) in headers)
        {
            WriteText(plain, name);
            WriteText(plain, value);
        }

        using var packed = new MemoryStream();
        if (!_hasBegun)
        {
            _hasBegun = true;
            packed.Write([0x78, 0xBB]);
            WriteNumber(packed, unchecked((int)SpdyDictionary.Checksum));
        }

        var length = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)plain.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(length.AsSpan(2), (ushort)~plain.Length);
        packed.WriteByte(0);
        packed.Write(length);
        plain.WriteTo(packed);
        packed.Write([0, 0, 0, 0xFF, 0xFF]);
        return packed.ToArray();
    }

    private static void WriteText(Stream stream, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteNumber(Stream stream, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        stream.Write(bytes);
    }
}
