using System.Text.Json.Nodes;

using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Links;

/// <summary>How packets for a peer's subnet leave.</summary>
/// <param name="Destination">The peer's subnet.</param>
/// <param name="Gateway">Through which address.</param>
/// <param name="Device">By which device.</param>
/// <param name="OnLink">The gateway is beyond that device although no address of the device says so.</param>
internal sealed record PeerRoute(Subnet Destination, uint Gateway, string Device, bool OnLink)
{
    public override string ToString() =>
        $"{Destination} via {Subnet.ToAddress(Gateway)} dev {Device}{(OnLink ? " onlink" : "")}";

    /// <summary>
    /// The commands that make the network's routes what they should be. Ours are those that lead through a gateway into the network: the node's
    /// own subnet is on its bridge, without one.
    /// </summary>
    public static List<string> Changes(Subnet network, IEnumerable<JsonObject> present, IReadOnlyCollection<PeerRoute> wanted)
    {
        var there = present.Select(Read).OfType<PeerRoute>().Where(route => network.Contains(route.Destination)).ToHashSet();
        var destinations = wanted.Select(route => route.Destination).ToHashSet();
        return
        [
            .. there.Where(route => !destinations.Contains(route.Destination)).Select(route => $"route del {route}"),
            .. wanted.Where(route => !there.Contains(route)).Select(route => $"route replace {route}"),
        ];
    }

    private static PeerRoute? Read(JsonObject route)
    {
        var destination = KernelLinks.Text(route, "dst");
        return Subnet.TryParse(destination?.Contains('/', StringComparison.Ordinal) == true ? destination : destination + "/32", out var subnet)
            && Subnet.TryParseAddress(KernelLinks.Text(route, "gateway"), out var gateway)
            && KernelLinks.Text(route, "dev") is { } device
            ? new PeerRoute(subnet, gateway, device, route["flags"] is JsonArray flags && flags.Any(flag => flag?.GetValue<string>() == "onlink"))
            : null;
    }
}
