using System.Net;
using System.Net.Sockets;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Ranges of addresses such as <c>10.9.8.0/24</c>.</summary>
internal static class CidrChecks
{
    private const string Malformed = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    /// <summary>Fields that have always taken ranges with bits set beyond the prefix go on to do so.</summary>
    public static IPNetwork? Legacy(Field field)
    {
        if (TryParse(field.Text, out var address, out var length))
        {
            return new IPNetwork(Mask(address, length), length);
        }

        field.Invalid(Malformed);
        return null;
    }

    /// <summary>A range in its one canonical form, which newer kinds ask for.</summary>
    public static void Canonical(Field field)
    {
        if (!TryParse(field.Text, out var address, out var length))
        {
            field.Invalid(Malformed);
            return;
        }

        var network = new IPNetwork(Mask(address, length), length);
        if (!network.BaseAddress.Equals(address))
        {
            field.Invalid("must not have bits set beyond the prefix length");
        }
        else if (network.ToString() != field.Text)
        {
            field.Invalid($"must be in canonical form ({GoText.Quote(network.ToString())})");
        }
    }

    /// <summary>The address as it is written, and the range that it is in; null for what is no range.</summary>
    public static (IPAddress Address, IPNetwork Network)? Parse(string text) =>
        TryParse(text, out var address, out var length) ? (address, new IPNetwork(Mask(address, length), length)) : null;

    public static bool IsIPv6(string cidr) => cidr.Contains(':', StringComparison.Ordinal);

    private static bool TryParse(string text, out IPAddress address, out int length)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        address = IPAddress.None;
        length = 0;
        return slash > 0
            && AddressChecks.TryParse(text[..slash], out address)
            && int.TryParse(text[(slash + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out length)
            && length <= (address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
    }

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
