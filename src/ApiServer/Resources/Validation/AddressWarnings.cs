using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Addresses and ranges that are taken though they are not in the one form that all programs read alike (upstream's GetWarningsForIP and GetWarningsForCIDR).</summary>
internal static class AddressWarnings
{
    public static IEnumerable<string> Address(string path, string? text)
    {
        if (!AddressText.TryParse(text, out var address))
        {
            yield break;
        }

        var canonical = Quote(AddressText.Write(address));
        if (!AddressText.TryParseStrict(text, out _))
        {
            yield return $"{path}: non-standard IP address {Quote(text)} will be considered invalid in a future Kubernetes release: use {canonical}";
        }
        else if (AddressText.Write(address) != text)
        {
            yield return $"{path}: IPv6 address {Quote(text)} should be in RFC 5952 canonical format ({canonical})";
        }
    }

    public static IEnumerable<string> Addresses(string path, JsonNode? list) => Texts(list).SelectMany((text, i) => Address($"{path}[{i}]", text));

    public static IEnumerable<string> Ranges(string path, JsonNode? list) => Texts(list).SelectMany((text, i) => Range($"{path}[{i}]", text));

    public static IEnumerable<string> Range(string path, string? text)
    {
        if (text is null || !RangeText.TryParse(text, out var address, out var network))
        {
            yield break;
        }

        var (range, isAmbiguous, isStrict) = (RangeText.Write(network), !network.BaseAddress.Equals(address), RangeText.IsStrict(text));
        if (isAmbiguous)
        {
            var single = $"{AddressText.Write(address)}/{(CidrChecks.IsIPv6(text) ? 128 : 32)}";
            yield return $"{path}: CIDR value {Quote(text)} is ambiguous in this context (should be {Quote(range)} or {Quote(single)}?)";
        }

        if (!isStrict)
        {
            yield return $"{path}: non-standard CIDR value {Quote(text)} will be considered invalid in a future Kubernetes release: use {Quote(range)}";
        }
        else if (!isAmbiguous && range != text)
        {
            yield return $"{path}: IPv6 CIDR value {Quote(text)} should be in RFC 5952 canonical format ({Quote(range)})";
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(FieldPath.Text);

    private static string Quote(string text) => GoText.Quote(text);
}
