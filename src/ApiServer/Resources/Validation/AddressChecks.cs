using System.Net;
using System.Net.Sockets;

using MiniKube.Api.Addresses;
using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>IP addresses in objects.</summary>
internal static class AddressChecks
{
    public static IEnumerable<FieldError> Address(string path, string? text) => AddressText.TryParse(text, out _)
        ? []
        : [FieldError.Invalid(path, text ?? "", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];

    /// <summary>An address that traffic may be sent to: not the node's own, nor one that only a link knows (CVE-2021-25737).</summary>
    public static IEnumerable<FieldError> Endpoint(string path, string? text)
    {
        if (!AddressText.TryParse(text, out var address))
        {
            return Address(path, text);
        }

        var fault = address switch
        {
            _ when address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) => $"may not be unspecified ({text})",
            _ when IPAddress.IsLoopback(address) => "may not be in the loopback range (127.0.0.0/8, ::1/128)",
            _ when IsLinkLocal(address) => "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
            _ when IsLinkLocalMulticast(address) => "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
            _ => null,
        };
        return fault is null ? [] : [FieldError.Invalid(path, text, fault)];
    }

    private static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);

    private static bool IsLinkLocalMulticast(IPAddress address) => address.GetAddressBytes() is [224, 0, 0, _] or [0xff, 0x02, _, _, _, ..];
}
