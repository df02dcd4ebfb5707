using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Endpoints in their older form.</summary>
internal static class EndpointChecks
{
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
                    .Concat(Checks.OptionalName($"{path}.{field}[{index}].hostname", address.StringAt("hostname"), Names.DnsLabel))
                    .Concat(address["nodeName"] is null
                        ? []
                        : Checks.Named($"{path}.{field}[{index}].nodeName", address.StringAt("nodeName") ?? "", Names.DnsSubdomain));
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

    private static IEnumerable<FieldError> SubsetPort(string path, JsonObject port, bool needsName) =>
        (needsName
            ? Checks.RequiredName($"{path}.name", port.StringAt("name"), Names.DnsLabel)
            : Checks.OptionalName($"{path}.name", port.StringAt("name"), Names.DnsLabel))
        .Concat(Checks.PortNumber($"{path}.port", port.IntegerAt("port") ?? 0))
        .Concat(Checks.OneOf($"{path}.protocol", port.StringAt("protocol"), "TCP", "UDP", "SCTP"))
        .Concat(Checks.OptionalName($"{path}.appProtocol", port.StringAt("appProtocol"), Names.QualifiedName));

    private static IEnumerable<FieldError> Address(string path, string? address, bool isOfApiServers) =>
        isOfApiServers ? AddressChecks.Address(path, address) : AddressChecks.Endpoint(path, address);
}
