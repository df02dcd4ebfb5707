using System.Text.Json.Nodes;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The ports of a service.</summary>
internal static class ServicePortChecks
{
    public static void Ports(Field ports)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in ports.Items)
        {
            var name = port["name"];
            if (ports.Count > 1)
            {
                name.NotEmpty();
            }

            name.OptionalName(Names.DnsLabel);
            if (name.Text.Length > 0 && !names.Add(name.Text))
            {
                name.Duplicate(name.Text);
            }

            port["port"].Port();
            port["protocol"].OneOf("SCTP", "TCP", "UDP");
            port["targetPort"].PortNumberOrName();
            if (port["appProtocol"].IsSet)
            {
                port["appProtocol"].Name(Names.QualifiedName);
            }
        }
    }

    public static void Duplicates(Field ports, string type)
    {
        var numbers = new HashSet<(string, long)>();
        var nodePorts = new HashSet<(string, long)>();
        foreach (var port in ports.Items)
        {
            if (port["nodePort"].Number is { } nodePort and not 0)
            {
                if (type == "ClusterIP")
                {
                    port["nodePort"].Forbidden("may not be used when `type` is 'ClusterIP'");
                }

                if (!nodePorts.Add((port["protocol"].Text, nodePort)))
                {
                    port["nodePort"].Duplicate(nodePort);
                }
            }

            var (protocol, number) = (port["protocol"].Text, port["port"].Number ?? 0);
            if (!numbers.Add((protocol, number)))
            {
                port.Duplicate(new JsonObject { ["protocol"] = protocol, ["port"] = number });
            }
        }
    }
}
