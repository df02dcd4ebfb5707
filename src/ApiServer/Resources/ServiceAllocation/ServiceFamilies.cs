using System.Net.Sockets;
using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>Which IP families a Service is of, where it does not say: those of its addresses, else as many of the cluster's as its policy wants.</summary>
internal static class ServiceFamilies
{
    public static void Apply(JsonObject spec, IReadOnlyList<AddressRange> ranges)
    {
        var isHeadless = spec.StringAt("clusterIP") == "None";
        var hasSelector = spec["selector"] is JsonObject { Count: > 0 };
        var families = (spec["ipFamilies"] as JsonArray ?? []).Select(FieldPath.Text).ToList();
        var addresses = (spec["clusterIPs"] as JsonArray ?? []).Select(FieldPath.Text).Where(address => address != "None").ToList();
        if (spec.StringAt("ipFamilyPolicy") is null)
        {
            // Endpoints of a headless Service without a selector are written by hand, and may be of any family.
            var isAny = isHeadless && !hasSelector && families.Count == 0;
            spec["ipFamilyPolicy"] = isAny || families.Count > 1 || addresses.Count > 1 ? "RequireDualStack" : "SingleStack";
        }

        foreach (var address in addresses.Skip(families.Count))
        {
            if (AddressText.TryParse(address, out var parsed))
            {
                families.Add(parsed.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6");
            }
        }

        if (families.Count == 0)
        {
            families.Add(ranges[0].Family);
        }

        if (families.Count == 1 && WantsSecond(spec.StringAt("ipFamilyPolicy"), isHeadless && !hasSelector, ranges))
        {
            families.Add(families[0] == "IPv4" ? "IPv6" : "IPv4");
        }

        spec["ipFamilies"] = new JsonArray([.. families]);
    }

    private static bool WantsSecond(string? policy, bool needsNoAddress, IReadOnlyList<AddressRange> ranges) => policy switch
    {
        "RequireDualStack" => needsNoAddress || ranges.Count > 1,
        "PreferDualStack" => ranges.Count > 1,
        _ => false,
    };
}
