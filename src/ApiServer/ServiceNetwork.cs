using System.Net;

namespace MiniKube.ApiServer;

/// <summary>The addresses that Services get (<c>--service-cluster-ip-range</c>).</summary>
internal static class ServiceNetwork
{
    /// <summary>The first address of the range: that of the <c>kubernetes</c> Service.</summary>
    public static IPAddress FirstAddress(string cidr)
    {
        var bytes = IPNetwork.Parse(cidr).BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes);
    }
}
