using System.Globalization;
using System.Net;

namespace MiniKube.Api.Addresses;

/// <summary>Ranges of addresses, such as <c>10.9.8.0/24</c>, in the words of Kubernetes. See <see cref="AddressText"/>.</summary>
public static class RangeText
{
    private const int MappedBits = 96;

    /// <summary>
    /// An address and the bits of its prefix, both of which may begin with zeros; the address may have bits beyond the prefix (upstream's ParseCIDRSloppy).
    /// </summary>
    /// <param name="text">What is parsed.</param>
    /// <param name="address">The address as it is written.</param>
    /// <param name="network">The range it is in.</param>
    public static bool TryParse(string? text, out IPAddress address, out IPNetwork network)
    {
        (address, network) = (IPAddress.None, default);
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || (AddressText.ParseIPv4(text.AsSpan(0, slash), false) ?? AddressText.ParseIPv6(text.AsSpan(0, slash), false)) is not { } parsed
            || !byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits > parsed.GetAddressBytes().Length * 8)
        {
            return false;
        }

        address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        network = parsed.IsIPv4MappedToIPv6 && bits >= MappedBits
            ? new IPNetwork(Mask(address, bits - MappedBits), bits - MappedBits)
            : new IPNetwork(Mask(parsed, bits), bits);
        return true;
    }

    /// <summary>Whether every program reads it alike: as <see cref="AddressText.TryParseStrict"/>, and no zero before the bits.</summary>
    public static bool IsStrict(string text) =>
        text.Split('/') is [var address, var bits] && AddressText.TryParseStrict(address, out _) && bits is [_] or [not '0', ..];

    /// <summary>The canonical form of a range.</summary>
    public static string Write(IPNetwork network) => string.Create(CultureInfo.InvariantCulture, $"{AddressText.Write(network.BaseAddress)}/{network.PrefixLength}");

    private static IPAddress Mask(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
