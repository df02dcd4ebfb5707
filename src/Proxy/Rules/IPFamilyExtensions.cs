using System.Net;
using System.Net.Sockets;

namespace MiniKube.Proxy.Rules;

/// <summary>Which addresses belong to a family.</summary>
internal static class IPFamilyExtensions
{
    public static bool Has(this IPFamily family, string? address) =>
        IPAddress.TryParse(address, out var parsed)
        && parsed.AddressFamily == (family == IPFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);

    /// <summary>The same for a range such as <c>10.244.0.0/16</c>.</summary>
    public static bool HasRange(this IPFamily family, string? cidr) => family.Has(cidr?.Split('/')[0]);

    /// <summary>The bits that make a single address a range.</summary>
    public static int Bits(this IPFamily family) => family == IPFamily.IPv4 ? 32 : 128;
}
