using System.Text.Json.Nodes;

using MiniKube.Overlay.Links;
using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Backends.Vxlan;

/// <summary>What the kernel has to know of peers, beside routes: the MAC of each device, and behind which address each MAC lies. Nothing is learned from packets.</summary>
internal static class VxlanTables
{
    /// <summary>Commands for <c>ip -batch</c>.</summary>
    public static List<string> NeighbourChanges(string device, IEnumerable<JsonObject> present, IReadOnlyCollection<VxlanPeer> peers) => Changes(
        present.Select(entry => (KernelLinks.Text(entry, "dst") ?? "", KernelLinks.Text(entry, "lladdr") ?? "")),
        peers.Select(peer => (peer.Subnet.Address.ToString(), peer.VtepMac)),
        gone => $"neigh del {gone.Key} dev {device}",
        missing => $"neigh replace {missing.Key} lladdr {missing.Value} dev {device} nud permanent");

    /// <summary>Commands for <c>bridge -batch</c>.</summary>
    public static List<string> ForwardingChanges(string device, IEnumerable<JsonObject> present, IReadOnlyCollection<VxlanPeer> peers) => Changes(
        present.Select(entry => (KernelLinks.Text(entry, "mac") ?? "", KernelLinks.Text(entry, "dst") ?? "")),
        peers.Select(peer => (peer.VtepMac, Subnet.ToAddress(peer.PublicIP).ToString())),
        gone => $"fdb del {gone.Key} dev {device} dst {gone.Value} self",
        missing => $"fdb replace {missing.Key} dev {device} dst {missing.Value} self permanent");

    private static List<string> Changes(
        IEnumerable<(string Key, string Value)> present,
        IEnumerable<(string Key, string Value)> wanted,
        Func<(string Key, string Value), string> remove,
        Func<(string Key, string Value), string> add)
    {
        var there = present.ToHashSet();
        var all = wanted.ToHashSet();
        var keys = all.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);

        // What only changes its value is replaced, not removed: packets go on meanwhile.
        return [.. there.Where(entry => !keys.Contains(entry.Key)).Select(remove), .. all.Except(there).Select(add)];
    }
}
