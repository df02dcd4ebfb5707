namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>Reads numbers that stand one after the other without tags.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> numbers)
{
    private ReadOnlySpan<byte> _rest = numbers;

    public bool TryRead(out ulong number)
    {
        number = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        var end = _rest.IndexOfAnyInRange((byte)0x00, (byte)0x7F);
        var reader = new WireReader(end < 0 ? _rest : _rest[..(end + 1)]);
        number = reader.ReadVarint();
        _rest = _rest[(end + 1)..];
        return true;
    }
}
