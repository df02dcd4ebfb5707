using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Nodes (upstream's ValidateNode and ValidateNodeUpdate).</summary>
internal static class NodeChecks
{
    public static void Validate(Field node)
    {
        Taints(node);
        Resources(node["status"]);
        Ranges(node["spec"]["podCIDRs"]);
    }

    public static void ValidateUpdate(Field node, JsonObject old)
    {
        Resources(node["status"]);
        Addresses(node["status"]["addresses"]);
        var spec = node["spec"];
        if (old.At("spec", "podCIDRs") is JsonArray { Count: > 0 } before && !JsonNode.DeepEquals(before, spec["podCIDRs"].Value))
        {
            spec["podCIDRs"].Forbidden("node updates may not change podCIDR except from \"\" to valid");
        }

        if (old.StringAt("spec", "providerID") is { Length: > 0 } provider && provider != spec["providerID"].Text)
        {
            spec["providerID"].Forbidden("node updates may not change providerID except from \"\" to valid");
        }

        Taints(node);
        if ((old.StringAt("spec", "externalID") ?? "") != spec["externalID"].Text)
        {
            spec["externalID"].Forbidden("may not be updated");
        }
    }

    // Upstream's path of taints says metadata.
    private static void Taints(Field node) => TolerationChecks.Taints(node["metadata"]["taints"].With(node["spec"]["taints"].Value));

    private static void Resources(Field status)
    {
        foreach (var list in (ReadOnlySpan<string>)["capacity", "allocatable"])
        {
            foreach (var (name, _) in status[list].Entries)
            {
                ResourceChecks.Amount(status[list][name], name);
            }
        }
    }

    private static void Addresses(Field addresses)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var address in addresses.Items.Where(address => !seen.Add((address["type"].Text, address["address"].Text))))
        {
            address.Duplicate(address.Value);
        }
    }

    private static void Ranges(Field ranges)
    {
        foreach (var range in ranges.Items)
        {
            CidrChecks.Legacy(range);
        }

        if (ranges.Count < 2)
        {
            return;
        }

        var texts = ranges.Items.Select(range => range.Text).ToList();
        if (texts.Count > 2 || texts.Count(text => text.Contains(':', StringComparison.Ordinal)) != 1)
        {
            ranges.Invalid("may specify no more than one CIDR for each IP family");
        }

        foreach (var range in ranges.Items.Where((range, index) => texts.IndexOf(range.Text) < index))
        {
            range.Duplicate(range.Text);
        }
    }
}
