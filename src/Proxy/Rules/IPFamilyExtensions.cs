using System.Net;
using System.Net.Sockets;

using MiniKube.Api.Addresses;

namespace MiniKube.Proxy.Rules;

/// <summary>Which addresses belong to a family.</summary>
internal static class IPFamilyExtensions
{
    public static bool Has(this IPFamily family, string? address) => AddressText.TryParse(address, out var parsed) && family.Has(parsed);

    /// <summary>The same for a range such as <c>10.244.0.0/16</c>.</summary>
    public static bool HasRange(this IPFamily family, string? cidr) => RangeText.TryParse(cidr, out _, out var network) && family.Has(network.BaseAddress);

    /// <summary>Those of the family, in the one form that iptables, too, takes for what Kubernetes does: leading zeros would make them octal.</summary>
    public static IEnumerable<string> Addresses(this IPFamily family, IEnumerable<string?>? texts) =>
        (texts ?? []).Where(text => family.Has(text)).OfType<string>().Select(text => AddressText.Canonical(text));

    /// <summary>The same for ranges.</summary>
    public static IEnumerable<string> Ranges(this IPFamily family, IEnumerable<string>? texts)
    {
        foreach (var text in texts ?? [])
        {
            if (RangeText.TryParse(text.Trim(), out _, out var network) && family.Has(network.BaseAddress))
            {
                yield return RangeText.Write(network);
            }
        }
    }

    /// <summary>The bits that make a single address a range.</summary>
    public static int Bits(this IPFamily family) => family == IPFamily.IPv4 ? 32 : 128;

    private static bool Has(this IPFamily family, IPAddress address) =>
        address.AddressFamily == (family == IPFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
}
