using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Overlay.Links;
using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Backends.Vxlan;

/// <summary>
/// Packets travel inside UDP. The device <c>flannel.&lt;VNI&gt;</c> has the first address of the node's subnet; a peer is one route through its device's
/// address, one permanent neighbour and one forwarding entry.
/// </summary>
internal sealed class VxlanBackend(VxlanConfig config, Subnet network, uint publicAddress, ExternalInterface external, KernelLinks links) : IBackend
{
    public const string Name = "vxlan";

    // What IP, UDP, vxlan and the inner Ethernet header take: 20 + 8 + 8 + 14 bytes.
    private const int Overhead = 50;
    private const int KernelsPort = 8472;

    private readonly string _device = string.Create(CultureInfo.InvariantCulture, $"flannel.{config.Vni}");

    public string Type => Name;

    public int Mtu => (config.Mtu > 0 ? config.Mtu : external.Mtu) - Overhead;

    private int Port => config.Port > 0 ? config.Port : KernelsPort;

    public async Task<JsonElement?> PrepareAsync(CancellationToken cancellationToken)
    {
        // A device that an earlier run left keeps its MAC, and with it the peers' tables right.
        var device = await links.FindAsync(_device, cancellationToken);
        if (device is not null && !IsAsConfigured(device))
        {
            await links.RunAsync("ip", $"link del {_device}", cancellationToken);
            device = null;
        }

        if (device is null)
        {
            var settings = string.Create(
                CultureInfo.InvariantCulture,
                $"id {config.Vni} local {Subnet.ToAddress(external.Address)} dev {external.Name} dstport {Port} nolearning");
            await links.RunAsync("ip", $"link add {_device} type vxlan {settings}", cancellationToken);
            device = await links.FindAsync(_device, cancellationToken) ?? throw new ConfigException($"{_device} vanished as soon as it was made");
        }

        await links.RunAsync("ip", $"link set {_device} mtu {KernelLinks.Number(Mtu)} up", cancellationToken);
        return VxlanPeer.Encode(config.Vni, KernelLinks.Text(device, "address") ?? "");
    }

    public async Task AssignAsync(Subnet subnet, CancellationToken cancellationToken)
    {
        var shown = await links.ListAsync("ip", $"-4 addr show dev {_device}", cancellationToken);
        var addresses = shown.SelectMany(link => (link["addr_info"] as JsonArray ?? []).OfType<JsonObject>()).Select(item => KernelLinks.Text(item, "local")).ToList();
        if (addresses is [var only] && only == subnet.Address.ToString())
        {
            return;
        }

        if (addresses.Count > 0)
        {
            await links.RunAsync("ip", $"-4 addr flush dev {_device}", cancellationToken);
        }

        await links.RunAsync("ip", $"addr add {subnet.Address}/32 dev {_device}", cancellationToken);
    }

    public async Task SyncAsync(IReadOnlyList<SubnetLease> peers, CancellationToken cancellationToken)
    {
        var readable = new List<VxlanPeer>();
        foreach (var lease in peers)
        {
            if (VxlanPeer.TryRead(lease, out var peer) && peer.PublicIP != publicAddress)
            {
                readable.Add(peer);
            }
        }

        var tunnelled = readable.Where(peer => !IsDirect(peer)).ToList();
        var neighbours = VxlanTables.NeighbourChanges(
            _device, await links.ListAsync("ip", $"-4 neigh show dev {_device} nud permanent", cancellationToken), tunnelled);
        var forwarding = VxlanTables.ForwardingChanges(_device, await links.ListAsync("bridge", $"fdb show dev {_device}", cancellationToken), tunnelled);
        var routes = PeerRoute.Changes(network, await links.ListAsync("ip", "-4 route show", cancellationToken), [.. readable.Select(Route)]);

        // The route last: no packet sets out before its way is known.
        await links.RunAllAsync("bridge", forwarding, cancellationToken);
        await links.RunAllAsync("ip", [.. neighbours, .. routes], cancellationToken);
    }

    private bool IsDirect(VxlanPeer peer) => config.DirectRouting && external.Network.Contains(peer.PublicIP);

    private PeerRoute Route(VxlanPeer peer) => IsDirect(peer)
        ? new PeerRoute(peer.Subnet, peer.PublicIP, external.Name, OnLink: false)
        : new PeerRoute(peer.Subnet, peer.Subnet.Base, _device, OnLink: true);

    private bool IsAsConfigured(JsonObject device) =>
        device["linkinfo"] is JsonObject { } info
        && KernelLinks.Text(info, "info_kind") == "vxlan"
        && info["info_data"] is JsonObject data
        && data["id"]?.GetValue<int>() == config.Vni
        && KernelLinks.Text(data, "local") == Subnet.ToAddress(external.Address).ToString()
        && KernelLinks.Text(data, "link") == external.Name
        && data["port"]?.GetValue<int>() == Port
        && data["learning"]?.GetValue<bool>() == false;
}
