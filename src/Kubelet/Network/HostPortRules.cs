using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MiniKube.Kubelet.Network;

/// <summary>
/// The iptables rules of a pod's host ports, in chains that are named after the pod. KUBE-HOSTPORTS leads to them what is meant for the node, and
/// KUBE-HOSTPORTS-MASQ gives the node's address to what a pod sends to itself, or the node from 127.0.0.1: its answer would not come back otherwise. Pure.
/// </summary>
internal static class HostPortRules
{
    public const string Chain = "KUBE-HOSTPORTS";
    public const string MasqueradeChain = "KUBE-HOSTPORTS-MASQ";

    /// <summary>Where the kernel is to look at our chains, as arguments of iptables after <c>-A</c> or <c>-C</c>.</summary>
    public static IReadOnlyList<string[]> Jumps { get; } =
    [
        ["PREROUTING", "-m", "comment", "--comment", "kube hostport portals", "-m", "addrtype", "--dst-type", "LOCAL", "-j", Chain],
        ["OUTPUT", "-m", "comment", "--comment", "kube hostport portals", "-m", "addrtype", "--dst-type", "LOCAL", "-j", Chain],
        ["POSTROUTING", "-m", "comment", "--comment", "kube hostport masquerading", "-j", MasqueradeChain],
    ];

    /// <summary>The chain of one pod: of its ports, or of what needs masquerading.</summary>
    public static string ChainOf(string uid, bool masquerade)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(uid)).AsSpan(0, 8));
        return masquerade ? $"KUBE-HM-{hash}" : $"KUBE-HP-{hash}";
    }

    /// <summary>What iptables-restore is told, with --noflush: the pod's chains as they are to be. A chain that is named is emptied first.</summary>
    public static string Script(string uid, string podIp, IReadOnlyList<HostPort> ports)
    {
        var (chain, masquerade) = (ChainOf(uid, false), ChainOf(uid, true));
        var text = new StringBuilder("*nat\n").Append(':').Append(chain).Append(" - [0:0]\n:").Append(masquerade).Append(" - [0:0]\n");
        foreach (var port in ports)
        {
            var address = port.NodeAddress.Length > 0 ? $" -d {port.NodeAddress}" : "";
            text.Append(CultureInfo.InvariantCulture, $"-A {chain}{address} -p {port.Protocol} -m {port.Protocol} --dport {port.NodePort} -j DNAT --to-destination {podIp}:{port.PodPort}\n");
            foreach (var source in (string[])[podIp, "127.0.0.1"])
            {
                text.Append(CultureInfo.InvariantCulture, $"-A {masquerade} -s {source}/32 -d {podIp}/32 -p {port.Protocol} -m {port.Protocol} --dport {port.PodPort} -j MASQUERADE\n");
            }
        }

        return text.Append("COMMIT\n").ToString();
    }
}
