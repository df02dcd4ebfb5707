using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Backends.Vxlan;

/// <summary>A peer with a vxlan device.</summary>
/// <param name="Subnet">Its subnet, whose first address is its device's.</param>
/// <param name="PublicIP">Where its packets are sent.</param>
/// <param name="VtepMac">Its device's MAC address, in lower case.</param>
internal sealed record VxlanPeer(Subnet Subnet, uint PublicIP, string VtepMac)
{
    public static JsonElement Encode(int vni, string vtepMac) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, object>(StringComparer.Ordinal) { ["VNI"] = vni, ["VtepMAC"] = vtepMac });

    public static bool TryRead(SubnetLease lease, [NotNullWhen(true)] out VxlanPeer? peer)
    {
        peer = lease.Attributes.BackendData is { ValueKind: JsonValueKind.Object } data
            && data.TryGetProperty("VtepMAC", out var mac)
            && mac.ValueKind == JsonValueKind.String
            && mac.GetString() is { Length: > 0 } text
            && Subnet.TryParseAddress(lease.Attributes.PublicIP, out var address)
            ? new VxlanPeer(lease.Subnet, address, text.ToLowerInvariant())
            : null;
        return peer is not null;
    }
}
