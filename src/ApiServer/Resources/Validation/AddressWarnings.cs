using System.Text.Json.Nodes;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Addresses and ranges that are taken though they are not in the one form that all programs read alike (upstream's GetWarningsForIP and GetWarningsForCIDR).</summary>
internal static class AddressWarnings
{
    public static IEnumerable<string> Address(string path, string? text)
    {
        if (!AddressChecks.TryParse(text, out var address))
        {
            yield break;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            yield return $"{path}: non-standard IP address {Quote(text)} will be considered invalid in a future Kubernetes release: use {Quote(address.MapToIPv4().ToString())}";
        }
        else if (address.ToString() != text)
        {
            yield return $"{path}: IPv6 address {Quote(text)} should be in RFC 5952 canonical format ({Quote(address.ToString())})";
        }
    }

    public static IEnumerable<string> Addresses(string path, JsonNode? list) => Texts(list).SelectMany((text, i) => Address($"{path}[{i}]", text));

    public static IEnumerable<string> Ranges(string path, JsonNode? list) => Texts(list).SelectMany((text, i) => Range($"{path}[{i}]", text));

    public static IEnumerable<string> Range(string path, string? text)
    {
        var given = text ?? "";
        if (CidrChecks.Parse(given) is not var (address, network))
        {
            yield break;
        }

        if (!network.BaseAddress.Equals(address))
        {
            var single = $"{address}/{address.GetAddressBytes().Length * 8}";
            yield return $"{path}: CIDR value {Quote(text)} is ambiguous in this context (should be {Quote(network.ToString())} or {Quote(single)}?)";
        }

        if (given.Split('/')[0] != address.ToString())
        {
            yield return $"{path}: IPv6 CIDR value {Quote(text)} should be in RFC 5952 canonical format ({Quote($"{address}/{network.PrefixLength}")})";
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(FieldPath.Text);

    private static string Quote(string? text) => GoText.Quote(text ?? "");
}
