namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>How a field's value is laid out (protobuf encoding, "Message Structure"). Groups are not used by the API.</summary>
public enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
