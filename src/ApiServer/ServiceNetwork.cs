using System.Net;

namespace MiniKube.ApiServer;

/// <summary>The addresses that Services get (<c>--service-cluster-ip-range</c>).</summary>
internal static class ServiceNetwork
{
    /// <summary>The first address of the (first) range: that of the <c>kubernetes</c> Service.</summary>
    /// <param name="ranges">One CIDR, or one of each family with a comma between them.</param>
    public static IPAddress FirstAddress(string ranges)
    {
        var bytes = IPNetwork.Parse(ranges.Split(',')[0].Trim()).BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes);
    }
}
