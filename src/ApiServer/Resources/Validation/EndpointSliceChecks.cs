using System.Net.Sockets;
using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Slices of the endpoints of a service.</summary>
internal static class EndpointSliceChecks
{
    private const int EndpointLimit = 1000;
    private const int AddressLimit = 100;
    private const int PortLimit = 20_000;
    private const int TopologyLimit = 16;
    private const int HintLimit = 8;

    public static void Validate(Field slice)
    {
        var type = slice["addressType"];
        type.OneOf("FQDN", "IPv4", "IPv6");
        var isOfApiServers = EndpointChecks.AreOfApiServers(slice.Value as JsonObject ?? []);
        if (slice["endpoints"].Count > EndpointLimit)
        {
            slice["endpoints"].TooMany(EndpointLimit);
        }
        else
        {
            foreach (var endpoint in slice["endpoints"].Items)
            {
                Endpoint(endpoint, type.Text, isOfApiServers);
            }
        }

        Ports(slice["ports"]);
    }

    private static void Endpoint(Field endpoint, string type, bool isOfApiServers)
    {
        var addresses = endpoint["addresses"];
        if (addresses.NotEmpty("must contain at least 1 address") && addresses.Count > AddressLimit)
        {
            addresses.TooMany(AddressLimit);
        }

        foreach (var address in addresses.Items)
        {
            Address(address, type, isOfApiServers);
        }

        if (endpoint["nodeName"].IsSet)
        {
            endpoint["nodeName"].Name(Names.DnsSubdomain);
        }

        var topology = endpoint["deprecatedTopology"];
        if (topology.Count > TopologyLimit)
        {
            topology.TooMany(TopologyLimit);
        }

        topology.Labels();
        if (endpoint["hostname"].IsSet)
        {
            endpoint["hostname"].Name(Names.DnsLabel);
        }

        Hints(endpoint["hints"]["forZones"], Names.LabelValue);
        Hints(endpoint["hints"]["forNodes"], Names.DnsSubdomain);
    }

    private static void Address(Field address, string type, bool isOfApiServers)
    {
        switch (type)
        {
            case "IPv4" or "IPv6":
                var family = type == "IPv6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
                if (!AddressText.TryParse(address.Text, out var parsed) || parsed.AddressFamily != family)
                {
                    address.Invalid($"must be a valid {type} address");
                }

                if (isOfApiServers)
                {
                    break;
                }

                address.Add(AddressChecks.Endpoint(address.Path, address.Text));
                break;
            case "FQDN":
                DomainName(address);
                break;
        }
    }

    private static void DomainName(Field address)
    {
        if (!address.NotEmpty())
        {
            return;
        }

        var name = address.Text.EndsWith('.') ? address.Text[..^1] : address.Text;
        if (string.Join(',', Names.DnsSubdomain(name)) is { Length: > 0 } faults)
        {
            address.InvalidValue(name, faults);
            return;
        }

        if (!name.Contains('.', StringComparison.Ordinal))
        {
            address.InvalidValue(name, "should be a domain with at least two segments separated by dots");
            return;
        }

        foreach (var label in name.Split('.'))
        {
            if (string.Join(',', Names.DnsLabel(label)) is { Length: > 0 } labelFaults)
            {
                address.InvalidValue(label, labelFaults);
            }
        }
    }

    private static void Hints(Field hints, Func<string, IEnumerable<string>> rule)
    {
        if (hints.Count > HintLimit)
        {
            hints.TooMany(HintLimit);
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var hint in hints.Items)
        {
            if (!names.Add(hint["name"].Text))
            {
                hint["name"].Duplicate(hint["name"].Text);
            }

            hint["name"].Name(rule);
        }
    }

    private static void Ports(Field ports)
    {
        if (ports.Count > PortLimit)
        {
            ports.TooMany(PortLimit);
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in ports.Items)
        {
            port["name"].OptionalName(Names.DnsLabel);
            if (!names.Add(port["name"].Text))
            {
                port["name"].Duplicate(port["name"].Text);
            }

            port["protocol"].OneOf("SCTP", "TCP", "UDP");
            if (port["appProtocol"].IsSet)
            {
                port["appProtocol"].Name(Names.QualifiedName);
            }
        }
    }
}
