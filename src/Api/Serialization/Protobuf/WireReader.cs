using System.Buffers.Binary;
using System.Text;

namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>Reads the fields of one protobuf message. Whatever the bytes are, it ends after at most as many steps as there are bytes.</summary>
public ref struct WireReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Of the field that <see cref="TryReadTag"/> found.</summary>
    public int FieldNumber { get; private set; }

    public WireType WireType { get; private set; }

    public bool TryReadTag()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        if (tag is < 8 or > uint.MaxValue)
        {
            throw new DecodeException($"proto: illegal tag {tag >> 3} (wire type {tag})");
        }

        FieldNumber = (int)(tag >> 3);
        WireType = (WireType)(tag & 7);
        return true;
    }

    public ulong ReadVarint()
    {
        ulong result = 0;
        for (var i = 0; i < 10; i++)
        {
            if (i >= _rest.Length)
            {
                throw new DecodeException("unexpected EOF");
            }

            result |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return result;
            }
        }

        throw new DecodeException("proto: integer overflow");
    }

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        return length > int.MaxValue
            ? throw new DecodeException("proto: negative length found during unmarshaling")
            : Take((int)length);
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public void Skip()
    {
        switch (WireType)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.LengthDelimited:
                ReadBytes();
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                throw new DecodeException($"proto: illegal wireType {(int)WireType}");
        }
    }

    public readonly void Expect(WireType wireType, string field)
    {
        if (WireType != wireType)
        {
            throw new DecodeException($"proto: wrong wireType = {(int)WireType} for field {field}");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new DecodeException("unexpected EOF");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
