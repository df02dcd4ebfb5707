using System.Buffers.Binary;
using System.Text;

namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>
/// Writes protobuf from its end to its start, so that the length of a message is known when it comes to be written. Fields are therefore
/// written last to first.
/// </summary>
public sealed class WireWriter
{
    private byte[] _buffer = new byte[2048];
    private int _start = 2048;

    /// <summary>How many bytes are written so far: the difference of two values is the length of what was written between.</summary>
    public int Length => _buffer.Length - _start;

    public byte[] ToArray() => _buffer[_start..];

    public void Tag(int number, WireType wireType) => Varint(((ulong)number << 3) | (ulong)wireType);

    /// <summary>Closes a message, string or bytes: its content has been written since the given length.</summary>
    public void Prefix(int number, int lengthBefore)
    {
        Varint((ulong)(Length - lengthBefore));
        Tag(number, WireType.LengthDelimited);
    }

    public void String(int number, string text)
    {
        var before = Length;
        Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetByteCount(text)));
        Prefix(number, before);
    }

    public void Bytes(int number, ReadOnlySpan<byte> bytes)
    {
        var before = Length;
        Raw(bytes);
        Prefix(number, before);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void Integer(int number, long value)
    {
        Varint((ulong)value);
        Tag(number, WireType.Varint);
    }

    public void Double(int number, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);
        Tag(number, WireType.Fixed64);
    }

    public void Varint(ulong value)
    {
        var length = 1;
        for (var rest = value >> 7; rest > 0; rest >>= 7)
        {
            length++;
        }

        var target = Reserve(length);
        for (var i = 0; i < length - 1; i++, value >>= 7)
        {
            target[i] = (byte)(value | 0x80);
        }

        target[length - 1] = (byte)value;
    }

    private Span<byte> Reserve(int length)
    {
        if (length > _start)
        {
            var grown = new byte[Math.Max(_buffer.Length * 2, Length + length)];
            _buffer.AsSpan(_start).CopyTo(grown.AsSpan(grown.Length - Length));
            _start = grown.Length - Length;
            _buffer = grown;
        }

        _start -= length;
        return _buffer.AsSpan(_start, length);
    }
}
