using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Firewall;

/// <summary>A chain of ours and the rule of one of the kernel's chains that leads into it.</summary>
/// <param name="Table">nat or filter.</param>
/// <param name="Name">The chain's name: Flannel's.</param>
/// <param name="Parent">The kernel's chain.</param>
/// <param name="Comment">Flannel's comment, in every rule.</param>
/// <param name="Rules">What follows <c>-A NAME</c>.</param>
internal sealed record FirewallChain(string Table, string Name, string Parent, string Comment, IReadOnlyList<string> Rules)
{
    // kube-proxy's mark for packets that it will masquerade itself: twice would be once too many.
    private const string ProxyMark = "0x4000/0x4000";

    /// <summary>The rule's text after <c>-A PARENT</c>, word by word.</summary>
    public IReadOnlyList<string> Jump => ["-m", "comment", "--comment", Comment, "-j", Name];

    /// <summary>The chain's whole new content, for <c>iptables-restore --noflush</c>.</summary>
    public string Script =>
        $"*{Table}\n:{Name} - [0:0]\n{string.Concat(Rules.Select(rule => $"-A {Name} -m comment --comment \"{Comment}\" {rule}\n"))}COMMIT\n";

    /// <summary>Pods' packets keep their address within the network, and take the node's when they leave it.</summary>
    public static FirewallChain Masquerade(Subnet network, Subnet subnet) => new(
        "nat", "FLANNEL-POSTRTG", "POSTROUTING", "flanneld masq",
        [
            $"-m mark --mark {ProxyMark} -j RETURN",
            $"-s {subnet} -d {network} -j RETURN",
            $"-s {network} -d {subnet} -j RETURN",

            // What comes from outside straight to a pod of this node keeps its address too.
            $"! -s {network} -d {subnet} -j RETURN",
            $"-s {network} ! -d 224.0.0.0/4 -j MASQUERADE --random-fully",

            // What a node itself sends to another node's pods: the answer must find the way back.
            $"! -s {network} -d {network} -j MASQUERADE --random-fully",
        ]);

    /// <summary>Docker drops what is forwarded unless a rule accepts it.</summary>
    public static FirewallChain Forward(Subnet network) => new(
        "filter", "FLANNEL-FWD", "FORWARD", "flanneld forward", [$"-s {network} -j ACCEPT", $"-d {network} -j ACCEPT"]);
}
