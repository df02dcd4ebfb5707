using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MiniKube.Overlay.Subnets;

/// <summary>A block of IPv4 addresses: its first address, as a number in host order, and the length of its prefix in bits.</summary>
internal readonly record struct Subnet(uint Base, int Length)
{
    /// <summary>How many addresses it has.</summary>
    public uint Size => Length == 0 ? uint.MaxValue : 1u << (32 - Length);

    public IPAddress Address => ToAddress(Base);

    public Subnet Next => this with { Base = Base + Size };

    public static bool TryParse(string? text, out Subnet subnet)
    {
        subnet = default;
        if (text?.Split('/') is not [var address, var length]
            || !TryParseAddress(address, out var number)
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits > 32)
        {
            return false;
        }

        subnet = Around(number, bits);
        return true;
    }

    public static bool TryParseAddress([NotNullWhen(true)] string? text, out uint number)
    {
        number = 0;
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetwork)
        {
            return false;
        }

        number = ToNumber(address);
        return true;
    }

    /// <summary>The block of that length which has the address in it.</summary>
    public static Subnet Around(uint address, int length) => new(length == 0 ? 0 : address & (uint.MaxValue << (32 - length)), length);

    public static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    public static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    public bool Contains(uint address) => Around(address, Length).Base == Base;

    public bool Contains(Subnet other) => other.Length >= Length && Contains(other.Base);

    public bool Overlaps(Subnet other) => Contains(other) || other.Contains(this);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
