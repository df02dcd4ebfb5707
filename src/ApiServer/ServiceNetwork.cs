using System.Net;

using MiniKube.Api.Addresses;

namespace MiniKube.ApiServer;

/// <summary>The addresses that Services get (<c>--service-cluster-ip-range</c>).</summary>
internal static class ServiceNetwork
{
    /// <summary>The first address of the (first) range: that of the <c>kubernetes</c> Service.</summary>
    /// <param name="ranges">One CIDR, or one of each family with a comma between them.</param>
    /// <exception cref="FormatException">A range is none.</exception>
    public static IPAddress FirstAddress(string ranges)
    {
        var range = ranges.Split(',')[0].Trim();
        var bytes = RangeText.TryParse(range, out _, out var network)
            ? network.BaseAddress.GetAddressBytes()
            : throw new FormatException($"invalid CIDR address: {range}");
        bytes[^1]++;
        return new IPAddress(bytes);
    }
}
