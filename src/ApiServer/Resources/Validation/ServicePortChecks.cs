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
        var onNodes = ports.Items.Where(port => port["nodePort"].Number is not (null or 0)).ToList();
        foreach (var port in type == "ClusterIP" ? onNodes : [])
        {
            port["nodePort"].Forbidden("may not be used when `type` is 'ClusterIP'");
        }

        var nodePorts = new HashSet<(string, long?)>();
        foreach (var port in onNodes.Where(port => !nodePorts.Add((port["protocol"].Text, port["nodePort"].Number))))
        {
            port["nodePort"].Duplicate(port["nodePort"].Number);
        }

        var numbers = new HashSet<(string, long)>();
        foreach (var port in ports.Items)
        {
            var (protocol, number) = (port["protocol"].Text, port["port"].Number ?? 0);
            if (!numbers.Add((protocol, number)))
            {
                port.Duplicate(new JsonObject { ["protocol"] = protocol, ["port"] = number });
            }
        }
    }
}
