using System.Net;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Which peers and ports a network policy names.</summary>
internal static class NetworkPolicyChecks
{
    private static readonly string[] Directions = ["Ingress", "Egress"];

    public static void Spec(Field spec)
    {
        spec["podSelector"].LabelSelector();
        Rules(spec["ingress"], "from");
        Rules(spec["egress"], "to");
        var types = spec["policyTypes"];
        if (types.Count > Directions.Length)
        {
            types.Invalid("may not specify more than two policyTypes");
            return;
        }

        foreach (var type in types.Items)
        {
            type.Known(Directions);
        }
    }

    private static void Rules(Field rules, string peers)
    {
        foreach (var rule in rules.Items)
        {
            foreach (var port in rule["ports"].Items)
            {
                Port(port);
            }

            foreach (var peer in rule[peers].Items)
            {
                Peer(peer);
            }
        }
    }

    private static void Port(Field port)
    {
        port["protocol"].OptionalOneOf("TCP", "UDP", "SCTP");
        var (first, last) = (port["port"], port["endPort"]);
        if (!first.IsSet)
        {
            if (last.IsSet)
            {
                last.Invalid("may not be specified when `port` is not specified");
            }
        }
        else if (first.Number is { } number)
        {
            first.Port();
            if (last.Number < number)
            {
                last.InvalidValue(number, "must be greater than or equal to `port`");
            }

            if (last.IsSet)
            {
                last.Port();
            }
        }
        else
        {
            if (last.IsSet)
            {
                last.Invalid("may not be specified when `port` is non-numeric");
            }

            first.Name(Names.PortName);
        }
    }

    private static void Peer(Field peer)
    {
        peer["podSelector"].LabelSelector();
        peer["namespaceSelector"].LabelSelector();
        var block = peer["ipBlock"];
        if (block.IsSet)
        {
            Block(block);
        }

        var selects = peer["podSelector"].IsSet || peer["namespaceSelector"].IsSet;
        if (!selects && !block.IsSet)
        {
            peer.Required("must specify a peer");
        }
        else if (selects && block.IsSet)
        {
            peer.Forbidden("may not specify both ipBlock and another peer");
        }
    }

    private static void Block(Field block)
    {
        if (!block["cidr"].NotEmpty() || CidrChecks.Legacy(block["cidr"]) is not { } range)
        {
            return;
        }

        foreach (var except in block["except"].Items)
        {
            if (CidrChecks.Legacy(except) is { } hole && !IsStrictSubset(hole, range))
            {
                except.Invalid("must be a strict subset of `cidr`");
            }
        }
    }

    private static bool IsStrictSubset(IPNetwork inner, IPNetwork outer) =>
        inner.BaseAddress.AddressFamily == outer.BaseAddress.AddressFamily
        && inner.PrefixLength > outer.PrefixLength
        && outer.Contains(inner.BaseAddress);
}
