using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

using MiniKube.Api.Addresses;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>The addresses of one family that Services may have (<c>--service-cluster-ip-range</c>), counted from 0. The network's own address and IPv4's broadcast are none.</summary>
internal sealed class AddressRange
{
    private readonly UInt128 _first;

    /// <exception cref="FormatException">No CIDR.</exception>
    public AddressRange(string cidr)
    {
        if (!RangeText.TryParse(cidr, out _, out var network))
        {
            throw new FormatException($"invalid CIDR address: {cidr}");
        }

        Cidr = RangeText.Write(network);
        Family = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
        var hostBits = (Family == "IPv4" ? 32 : 128) - network.PrefixLength;

        // Upstream, too, uses at most 2^64 addresses of a range.
        var all = UInt128.One << Math.Min(hostBits, 62);
        Count = (long)(all - (Family == "IPv4" ? UInt128.Min(all, 2) : UInt128.One));
        _first = ToNumber(network.BaseAddress) + 1;
    }

    public string Cidr { get; }

    public string Family { get; }

    public long Count { get; }

    /// <summary>The addresses below this index are left to those who choose their own (KEP-3070): a sixteenth, at least 16 and at most 256.</summary>
    public long DynamicStart => Count < 16 ? 0 : Math.Clamp(Count / 16, 16, 256);

    public bool Contains(IPAddress address)
    {
        if (address.AddressFamily != (Family == "IPv4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6))
        {
            return false;
        }

        var number = ToNumber(address);
        return number >= _first && number - _first < (UInt128)Count;
    }

    public string AddressAt(long index)
    {
        var number = _first + (UInt128)index;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return AddressText.Write(new IPAddress(Family == "IPv4" ? bytes[12..] : bytes));
    }

    private static UInt128 ToNumber(IPAddress address) => address.GetAddressBytes()
        .Aggregate(UInt128.Zero, (number, next) => (number << 8) | next);
}
