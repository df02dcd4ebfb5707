using System.Globalization;
using System.Text.Json;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Plans;

/// <summary>What a node runs, and with which flags.</summary>
internal static class NodePlan
{
    private const string Program = "/run/mk/mk";
    private const string Pki = PkiFiles.Folder;
    private const string DockerSocket = "/run/docker.sock";
    private const string ContainerdSocket = "/run/containerd/containerd.sock";

    /// <summary>containerd serves Docker alone here: its Kubernetes plugin would only take time and memory.</summary>
    private const string ContainerdConfiguration = "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n";

    public static IEnumerable<Unit> Units(ClusterSpec spec) => spec.HollowNodes > 0 ? [Kubelet()] : [.. Docker(spec)];

    public static IEnumerable<HostFile> Files(ClusterLayout layout, ClusterHost host, ClusterPki pki) =>
    [
        PkiFiles.Authority("ca", pki.Authority),
        .. PkiFiles.Pair("kubelet", pki.KubeletServing(host.Name, host.Address)),
        // Hollow nodes are many: their one kubelet process acts as a member of the administrators' group.
        PkiFiles.Kubeconfig("kubelet", layout.Server, $"system:node:{host.Name}", pki, layout.Spec.HollowNodes > 0 ? pki.Admin() : pki.Node(host.Name)),
        PkiFiles.Kubeconfig("proxy", layout.Server, "system:kube-proxy", pki, pki.Proxy()),
        new($"{PkiFiles.Kubernetes}/kubelet.args", KubeletArguments(host, layout.Spec)),
        new($"{PkiFiles.Kubernetes}/proxy.args", ProxyArguments(host.Name)),
        new("/etc/containerd/mk.toml", ContainerdConfiguration),
        new("/etc/docker/mk.json", DockerConfiguration(layout.Spec, host.PodSubnet)),
    ];

    /// <summary>
    /// Stands in both networks: in the machine's, where the API server's port and the way to registries are, and in the host's. It runs in the machine's network namespace.
    /// Where clients enter the cluster it is the machine's port; on a node it is Docker's way to registries.
    /// </summary>
    public static Unit Gateway(ClusterLayout layout, ClusterHost host)
    {
        var forward = host == layout.Entry
            ? $" --listen 127.0.0.1:{layout.Spec.Port} --forward-to {host.Address}:{ClusterNetwork.ApiServerPort}"
            : "";
        var proxy = host.HasDocker ? $" --proxy 127.0.0.1:{ClusterNetwork.ProxyPort}" : "";
        return new Unit("gateway", $"nsenter --net=/run/mk/machine.net {Program} gateway --host-network /proc/1/ns/net{forward}{proxy}");
    }

    private static IEnumerable<Unit> Docker(ClusterSpec spec) =>
    [
        new("containerd", "containerd --config /etc/containerd/mk.toml --log-level warn"),
        Engine(spec.Overlay is not OverlayKind.None),
        Kubelet() with { WaitFor = [$"[ -S {DockerSocket} ]"] },
        new("proxy", $"{Program} proxy @{PkiFiles.Kubernetes}/proxy.args"),
    ];

    private static Unit Engine(bool hasOverlay) => new(
        "dockerd", $"dockerd --config-file /etc/docker/mk.json --cgroup-parent \"/$(cat /run/mk/cgroup)/pods\"{(hasOverlay ? " --mtu \"$FLANNEL_MTU\"" : "")}")
    {
        WaitFor = [$"[ -S {ContainerdSocket} ]", .. hasOverlay ? (string[])[$"[ -f {OverlayPlan.SubnetFile} ]"] : []],
        Before =
        [
            // After kill -9 the old pid file may name a process that lives: Docker would refuse to start.
            "rm -f /run/docker.pid",
            // The bridge takes the leased subnet, and Docker gives out what the bridge has.
            .. hasOverlay ? (string[])[$". {OverlayPlan.SubnetFile}", "ip addr replace \"$FLANNEL_SUBNET\" dev cni0", $"ip route replace {ClusterNetwork.ServiceSubnet} dev cni0", "ip link set cni0 mtu \"$FLANNEL_MTU\""] : [],
        ],
        Environment = ProxyEnvironment(),
    };

    private static Unit Kubelet() => new("kubelet", $"{Program} kubelet @{PkiFiles.Kubernetes}/kubelet.args");

    /// <summary>
    /// Docker's settings. The pod bridge and all firewall rules are ours (kube-proxy's), and with live-restore containers outlive a restart of Docker.
    /// </summary>
    private static string DockerConfiguration(ClusterSpec spec, string? podSubnet) => JsonSerializer.Serialize(
        new Dictionary<string, object>(podSubnet is null ? [] : [KeyValuePair.Create<string, object>("fixed-cidr", podSubnet)], StringComparer.Ordinal)
        {
            ["hosts"] = (string[])[$"unix://{DockerSocket}"],
            ["group"] = "root",
            ["containerd"] = ContainerdSocket,
            ["bridge"] = "cni0",
            ["iptables"] = false,
            ["ip6tables"] = false,
            ["ip-masq"] = false,
            ["ip-forward"] = false,
            ["userland-proxy"] = false,
            ["exec-opts"] = (string[])["native.cgroupdriver=cgroupfs"],
            ["storage-driver"] = "overlay2",
            ["live-restore"] = true,
            ["shutdown-timeout"] = 1,
            ["log-driver"] = "json-file",
            ["log-level"] = "warn",
            ["insecure-registries"] = spec.InsecureRegistries,
        }) + "\n";

    private static string KubeletArguments(ClusterHost host, ClusterSpec spec) => ArgumentFile.Render(
    [
        ("kubeconfig", $"{PkiFiles.Kubernetes}/kubelet.conf"),
        ("hostname-override", host.Name),
        ("node-ip", host.Address.ToString()),
        ("cluster-dns", ClusterNetwork.NameServer),
        ("cluster-domain", ClusterNetwork.Domain),
        ("client-ca-file", $"{Pki}/ca.crt"),
        ("tls-cert-file", $"{Pki}/kubelet.crt"),
        ("tls-private-key-file", $"{Pki}/kubelet.key"),
        .. spec.HollowNodes > 0
            ? [("runtime", "hollow"), ("hollow-nodes", spec.HollowNodes.ToString(CultureInfo.InvariantCulture))]
            : ((string, string)[])[("docker-endpoint", $"unix://{DockerSocket}"), ("root-dir", "/var/lib/kubelet"), ("rotate-certificates", "true")],
    ]);

    private static string ProxyArguments(string host) => ArgumentFile.Render(
    [
        ("kubeconfig", $"{PkiFiles.Kubernetes}/proxy.conf"),
        ("hostname-override", host),
        ("cluster-cidr", ClusterNetwork.PodSubnet),
    ]);

    private static Dictionary<string, string> ProxyEnvironment() => new(StringComparer.Ordinal)
    {
        ["HTTP_PROXY"] = $"http://127.0.0.1:{ClusterNetwork.ProxyPort}",
        ["HTTPS_PROXY"] = $"http://127.0.0.1:{ClusterNetwork.ProxyPort}",
    };
}
