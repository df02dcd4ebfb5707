using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MiniKube.Api.Addresses;

/// <summary>
/// Addresses in the words of Kubernetes (Go's net and netip packages). .NET's own parser takes octal, hexadecimal and short forms, ports and zones, so that one text would be two
/// addresses to two programs.
/// </summary>
public static class AddressText
{
    private const int IPv6Length = 16;

    /// <summary>
    /// Four decimal numbers, or IPv6 without a zone. Numbers may begin with zeros, which mean nothing: 010.0.0.1 is 10.0.0.1 (upstream's ParseIPSloppy). An IPv4 address that is
    /// written as IPv6 is the IPv4 address.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = text is null ? null : ParseIPv4(text, false) ?? Unmapped(ParseIPv6(text, false));
        return address is not null;
    }

    /// <summary>The address that every program reads alike: no number begins with a zero that means nothing, and IPv4 is not written as IPv6.</summary>
    public static bool TryParseStrict([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = text is null ? null : ParseIPv4(text, true) ?? ParseIPv6(text, true);
        address = address is { IsIPv4MappedToIPv6: true } ? null : address;
        return address is not null;
    }

    /// <summary>Whether a text is an IPv6 address; IPv4 that is written as IPv6 is none.</summary>
    public static bool IsIPv6(string? text) => TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Whether a text is IPv4 that is written as IPv6: <c>::ffff:10.0.0.1</c>.</summary>
    public static bool IsMapped(string text) => ParseIPv6(text, false) is { IsIPv4MappedToIPv6: true };

    /// <summary>The canonical form, as RFC 5952 gives it for IPv6. .NET shows the last 32 bits of some IPv6 addresses as IPv4.</summary>
    public static string Write(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        var bytes = address.GetAddressBytes();
        var groups = Enumerable.Range(0, bytes.Length / 2).Select(i => (bytes[2 * i] << 8) | bytes[(2 * i) + 1]).ToArray();
        var (start, length) = LongestZeros(groups);
        var text = new StringBuilder();
        for (var i = 0; i < groups.Length; i++)
        {
            if (i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            text.Append(i > 0 && i != start + length ? ":" : "").Append(groups[i].ToString("x", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>The text in its canonical form; what is no address stays what it is.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Canonical(string? text) => TryParse(text, out var address) ? Write(address) : text;

    /// <summary>Whether Go's own parser takes it: no zeros before a number, but IPv4 as IPv6.</summary>
    internal static bool IsAddress(ReadOnlySpan<char> text) => (ParseIPv4(text, true) ?? ParseIPv6(text, true)) is not null;

    /// <summary>The address of an IPv6 text as it stands, IPv4 in it not taken out.</summary>
    internal static IPAddress? ParseIPv6(ReadOnlySpan<char> text, bool strict)
    {
        Span<byte> bytes = stackalloc byte[IPv6Length];
        bytes.Clear();
        var ellipsis = -1;
        if (text.StartsWith("::", StringComparison.Ordinal))
        {
            ellipsis = 0;
            text = text[2..];
        }

        var filled = 0;
        while (filled < IPv6Length && !text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(HexDigits) is >= 0 and var end ? end : text.Length;
            if (digits < text.Length && text[digits] == '.')
            {
                // IPv4 at the end, and nothing after it.
                if ((ellipsis < 0 && filled != IPv6Length - 4) || filled + 4 > IPv6Length || ParseIPv4(text, strict) is not { } tail)
                {
                    return null;
                }

                tail.GetAddressBytes().CopyTo(bytes[filled..]);
                filled += 4;
                text = [];
                break;
            }

            if (!TryReadGroup(text[..digits], strict, out var group))
            {
                return null;
            }

            (bytes[filled], bytes[filled + 1]) = ((byte)(group >> 8), (byte)group);
            filled += 2;
            text = text[digits..];
            if (text.IsEmpty)
            {
                break;
            }

            if (text[0] != ':' || text.Length == 1)
            {
                return null;
            }

            text = text[1..];
            if (text[0] == ':')
            {
                if (ellipsis >= 0)
                {
                    return null;
                }

                ellipsis = filled;
                text = text[1..];
            }
        }

        if (!text.IsEmpty || (filled < IPv6Length) == (ellipsis < 0))
        {
            return null;
        }

        if (ellipsis >= 0)
        {
            bytes[ellipsis..filled].CopyTo(bytes[(IPv6Length - filled + ellipsis)..]);
            bytes.Slice(ellipsis, IPv6Length - filled).Clear();
        }

        return new IPAddress(bytes);
    }

    internal static IPAddress? ParseIPv4(ReadOnlySpan<char> text, bool strict)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            if (count == bytes.Length || !TryReadOctet(text[range], strict, out bytes[count++]))
            {
                return null;
            }
        }

        return count == bytes.Length ? new IPAddress(bytes) : null;
    }

    private static ReadOnlySpan<char> HexDigits => "0123456789abcdefABCDEF";

    private static IPAddress? Unmapped(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    private static bool TryReadOctet(ReadOnlySpan<char> digits, bool strict, out byte value)
    {
        value = 0;
        return (!strict || digits is [_] or [not '0', ..]) && byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryReadGroup(ReadOnlySpan<char> digits, bool strict, out ushort value)
    {
        value = 0;
        return (!strict || digits.Length <= 4) && ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    // The first of the longest runs of two groups at least.
    private static (int Start, int Length) LongestZeros(int[] groups)
    {
        var longest = (Start: -1, Length: 1);
        for (var i = 0; i < groups.Length; i++)
        {
            var length = groups.Skip(i).TakeWhile(group => group == 0).Count();
            longest = length > longest.Length ? (i, length) : longest;
        }

        return longest.Start < 0 ? (-1, 0) : longest;
    }
}
