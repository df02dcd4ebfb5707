using System.Net;

using MiniKube.Api.Addresses;
using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Ranges of addresses such as <c>10.9.8.0/24</c>.</summary>
internal static class CidrChecks
{
    private const string Malformed = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    /// <summary>Fields that have always taken ranges with bits set beyond the prefix go on to do so.</summary>
    public static IPNetwork? Legacy(Field field) => Legacy(field, field.Text);

    /// <summary>The same of a part of the field's text.</summary>
    public static IPNetwork? Legacy(Field field, string text)
    {
        if (RangeText.TryParse(text, out _, out var network))
        {
            return network;
        }

        field.InvalidValue(text, Malformed);
        return null;
    }

    /// <summary>A range in its one canonical form, which newer kinds ask for.</summary>
    public static void Canonical(Field field)
    {
        var text = field.Text;
        if (!RangeText.TryParse(text, out var address, out var network))
        {
            field.Invalid(Malformed);
        }
        else if (AddressText.IsMapped(text.Split('/')[0]))
        {
            field.Invalid("must not have an IPv4-mapped IPv6 address");
        }
        else if (!RangeText.IsStrict(text))
        {
            field.Invalid("must not have leading 0s in IP or prefix length");
        }
        else if (!network.BaseAddress.Equals(address))
        {
            field.Invalid("must not have bits set beyond the prefix length");
        }
        else if (RangeText.Write(network) != text)
        {
            field.Invalid($"must be in canonical form ({GoText.Quote(RangeText.Write(network))})");
        }
    }

    public static bool IsIPv6(string cidr) => cidr.Contains(':', StringComparison.Ordinal);
}
