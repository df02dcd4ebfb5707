using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Errors;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The ranges that Services get their addresses of, and the objects that stand for addresses that are taken.</summary>
internal static class ServiceNetworkChecks
{
    /// <summary>An address in its one canonical form.</summary>
    public static IEnumerable<string> AddressName(string name)
    {
        if (!AddressText.TryParse(name, out var address))
        {
            return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
        }

        if (!AddressText.TryParseStrict(name, out _))
        {
            return [AddressText.IsMapped(name) ? "must not be an IPv4-mapped IPv6 address" : "must not have leading 0s"];
        }

        var canonical = AddressText.Write(address);
        return canonical == name ? [] : [$"must be in canonical form ({GoText.Quote(canonical)})"];
    }

    public static void Parent(Field parent)
    {
        if (!parent.IsSet)
        {
            parent.Required();
            return;
        }

        parent["group"].OptionalName(Names.DnsSubdomain);
        ReferenceChecks.Segment(parent["resource"]);
        ReferenceChecks.Segment(parent["name"]);
        parent["namespace"].OptionalName(Names.PathSegment);
    }

    public static void Ranges(Field ranges)
    {
        if (ranges.Count == 0)
        {
            ranges.Required("at least one CIDR required");
        }
        else if (ranges.Count > 2)
        {
            ranges.InvalidValue(new JsonObject { ["cidrs"] = ranges.Value?.DeepClone() }, "may only hold up to 2 values");
        }
        else if (ranges.Count == 2 && CidrChecks.IsIPv6(ranges[0].Text) == CidrChecks.IsIPv6(ranges[1].Text))
        {
            ranges.InvalidValue(
                new JsonObject { ["cidrs"] = ranges.Value?.DeepClone() },
                "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
        }
        else
        {
            foreach (var range in ranges.Items)
            {
                CidrChecks.Canonical(range);
            }
        }
    }

    /// <summary>A range stays; one of the other family may be added to it.</summary>
    public static void RangesChanged(Field ranges, JsonNode? before)
    {
        if (ranges.Count == 2 && before is JsonArray { Count: 1 } single)
        {
            ranges[0].Unchanged(single[0]);
            Ranges(ranges);
        }
        else
        {
            ranges.Unchanged(before);
        }
    }
}
