using System.Net;
using System.Net.Sockets;

using MiniKube.Api.Addresses;
using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>Keeps proxies away from the server's own machine and its link: loopback, link-local (where clouds keep credentials), multicast (CVE-2020-8562).</summary>
internal static class ProxyableAddress
{
    /// <summary>An address that may be proxied to, in whichever notation it was written; else a 400.</summary>
    public static string Check(string text) =>
        AddressText.TryParse(text, out var address) && IsAllowed(address) ? Unmapped(address).ToString() : throw Refused();

    /// <summary>An address of the host, all of which must be allowed. It is dialled by that address: names may mean something else a moment later.</summary>
    public static async Task<string> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (AddressText.TryParse(host, out _))
        {
            return Check(host);
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
            return addresses.Length > 0 && addresses.All(IsAllowed) ? Unmapped(addresses[0]).ToString() : throw Refused();
        }
        catch (SocketException)
        {
            throw StatusException.BadRequest($"lookup {host}: no such host");
        }
    }

    private static bool IsAllowed(IPAddress given)
    {
        var address = Unmapped(given);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);
        }

        var bytes = address.GetAddressBytes();
        return bytes[0] is not (0 or 127 or >= 224) && bytes is not [169, 254, ..];
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static StatusException Refused() => StatusException.BadRequest("address not allowed");
}
