using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Endpoints in their older form and as slices.</summary>
internal static class EndpointChecks
{
    private const int EndpointLimit = 1000;
    private const int AddressLimit = 100;
    private const int PortLimit = 20_000;

    /// <summary>
    /// The endpoints of the API servers themselves, which they write: a server on a loopback address, as in tests and on one machine, is there for all
    /// who can reach it. Nobody gains by them what CVE-2021-25737 is about.
    /// </summary>
    public static bool AreOfApiServers(JsonObject obj) =>
        obj.StringAt("metadata", "namespace") == "default" && obj.StringAt("metadata", "name") == "kubernetes";

    public static IEnumerable<FieldError> Subset(string path, JsonObject subset, bool isOfApiServers)
    {
        if (!subset.ObjectsAt("addresses").Any() && !subset.ObjectsAt("notReadyAddresses").Any())
        {
            yield return FieldError.Required(path, "must specify `addresses` or `notReadyAddresses`");
        }

        foreach (var field in new[] { "addresses", "notReadyAddresses" })
        {
            foreach (var (index, address) in subset.ObjectsAt(field).Index())
            {
                var errors = Address($"{path}.{field}[{index}].ip", address.StringAt("ip"), isOfApiServers)
                    .Concat(Checks.OptionalName($"{path}.{field}[{index}].hostname", address.StringAt("hostname"), Names.DnsLabel));
                foreach (var error in errors)
                {
                    yield return error;
                }
            }
        }

        var ports = subset.ObjectsAt("ports").ToList();
        foreach (var error in ports.SelectMany((port, i) => SubsetPort($"{path}.ports[{i}]", port, ports.Count > 1)))
        {
            yield return error;
        }
    }

    public static IEnumerable<FieldError> Slice(JsonObject obj)
    {
        var type = obj.StringAt("addressType");
        var errors = string.IsNullOrEmpty(type)
            ? [FieldError.Required("addressType")]
            : Checks.OneOf("addressType", type, "FQDN", "IPv4", "IPv6");
        var isOfApiServers = AreOfApiServers(obj);
        var endpoints = obj.ObjectsAt("endpoints").ToList();
        if (endpoints.Count > EndpointLimit)
        {
            return errors.Append(FieldError.TooMany("endpoints", endpoints.Count, EndpointLimit));
        }

        var ports = obj.ObjectsAt("ports").ToList();
        return errors
            .Concat(endpoints.SelectMany((endpoint, i) => Endpoint($"endpoints[{i}]", endpoint, type, isOfApiServers)))
            .Concat(ports.Count > PortLimit ? [FieldError.TooMany("ports", ports.Count, PortLimit)] : SlicePorts(ports));
    }

    private static IEnumerable<FieldError> SubsetPort(string path, JsonObject port, bool needsName) =>
        (needsName
            ? Checks.RequiredName($"{path}.name", port.StringAt("name"), Names.DnsLabel)
            : Checks.OptionalName($"{path}.name", port.StringAt("name"), Names.DnsLabel))
        .Concat(Checks.PortNumber($"{path}.port", port.IntegerAt("port") ?? 0))
        .Concat(Checks.OneOf($"{path}.protocol", port.StringAt("protocol"), "TCP", "UDP", "SCTP"));

    private static IEnumerable<FieldError> Endpoint(string path, JsonObject endpoint, string? type, bool isOfApiServers)
    {
        var addresses = (endpoint["addresses"] as JsonArray ?? []).Select(FieldPath.Text).ToList();
        if (addresses.Count == 0)
        {
            yield return FieldError.Required($"{path}.addresses", "must contain at least 1 address");
        }
        else if (addresses.Count > AddressLimit)
        {
            yield return FieldError.TooMany($"{path}.addresses", addresses.Count, AddressLimit);
        }

        foreach (var error in addresses.Take(AddressLimit).SelectMany((address, i) => OfType($"{path}.addresses[{i}]", address, type, isOfApiServers)))
        {
            yield return error;
        }

        var names = Checks.OptionalName($"{path}.hostname", endpoint.StringAt("hostname"), Names.DnsLabel)
            .Concat(Checks.OptionalName($"{path}.nodeName", endpoint.StringAt("nodeName"), Names.DnsSubdomain));
        foreach (var error in names)
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Address(string path, string? address, bool isOfApiServers) =>
        isOfApiServers ? AddressChecks.Address(path, address) : AddressChecks.Endpoint(path, address);

    private static IEnumerable<FieldError> OfType(string path, string address, string? type, bool isOfApiServers) => type switch
    {
        "FQDN" => Checks.Named(path, address, Names.DnsSubdomain),
        "IPv4" when address.Contains(':', StringComparison.Ordinal) => [FieldError.Invalid(path, address, "must be an IPv4 address")],
        "IPv6" when !address.Contains(':', StringComparison.Ordinal) => [FieldError.Invalid(path, address, "must be an IPv6 address")],
        "IPv4" or "IPv6" => Address(path, address, isOfApiServers),
        _ => [],
    };

    private static IEnumerable<FieldError> SlicePorts(List<JsonObject> ports)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, port) in ports.Index())
        {
            var (path, name) = ($"ports[{index}]", port.StringAt("name") ?? "");
            foreach (var error in Checks.OptionalName($"{path}.name", name, Names.DnsLabel))
            {
                yield return error;
            }

            if (!names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}.name", name);
            }

            var others = Checks.OneOf($"{path}.protocol", port.StringAt("protocol"), "SCTP", "TCP", "UDP")
                .Concat(port.IntegerAt("port") is { } number ? Checks.PortNumber($"{path}.port", number) : []);
            foreach (var error in others)
            {
                yield return error;
            }
        }
    }
}
