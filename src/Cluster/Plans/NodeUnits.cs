using System.Globalization;
using System.Text.Json;

using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Plans;

/// <summary>What a node runs, and with which flags.</summary>
internal static class NodeUnits
{
    private const string Program = "/run/mk/mk";
    private const string Pki = "/etc/kubernetes/pki";
    private const string DockerSocket = "/run/docker.sock";
    private const string ContainerdSocket = "/run/containerd/containerd.sock";

    /// <summary>containerd serves Docker alone here: its Kubernetes plugin would only take time and memory.</summary>
    public const string ContainerdConfiguration = "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n";

    /// <summary>
    /// Stands in both networks: in the machine's, where the API server's port and the way to registries are, and in the host's. It runs in the machine's network namespace.
    /// </summary>
    public static Unit Gateway(ClusterSpec spec) => new(
        "gateway",
        $"nsenter --net=/run/mk/machine.net {Program} gateway --host-network /proc/1/ns/net"
        + $" --listen 127.0.0.1:{spec.Port} --forward-to {ClusterNetwork.Node1}:{ClusterNetwork.ApiServerPort} --proxy 127.0.0.1:{ClusterNetwork.ProxyPort}");

    public static IEnumerable<Unit> Hollow() => [new("kubelet", $"{Program} kubelet @/etc/kubernetes/kubelet.args")];

    public static IEnumerable<Unit> Docker() =>
    [
        new("containerd", "containerd --config /etc/containerd/mk.toml --log-level warn"),
        new("dockerd", "dockerd --config-file /etc/docker/mk.json --cgroup-parent \"/$(cat /run/mk/cgroup)/pods\"")
        {
            // After kill -9 the old pid file may name a process that lives: Docker would refuse to start.
            Before = ["rm -f /run/docker.pid"],
            WaitFor = [$"[ -S {ContainerdSocket} ]"],
            Environment = ProxyEnvironment(),
        },
        new("kubelet", $"{Program} kubelet @/etc/kubernetes/kubelet.args") { WaitFor = [$"[ -S {DockerSocket} ]"] },
        new("proxy", $"{Program} proxy @/etc/kubernetes/proxy.args"),
    ];

    /// <summary>
    /// Docker's settings. The pod bridge and all firewall rules are ours (kube-proxy's), and with live-restore containers outlive a restart of Docker.
    /// </summary>
    public static string DockerConfiguration(ClusterSpec spec) => JsonSerializer.Serialize(
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["hosts"] = (string[])[$"unix://{DockerSocket}"],
            ["group"] = "root",
            ["containerd"] = ContainerdSocket,
            ["bridge"] = "cni0",
            ["fixed-cidr"] = ClusterNetwork.FirstNodePodSubnet,
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

    public static string KubeletArguments(string host, ClusterSpec spec) => ArgumentFile.Render(
    [
        ("kubeconfig", "/etc/kubernetes/kubelet.conf"),
        ("hostname-override", host),
        ("node-ip", ClusterNetwork.Node1.ToString()),
        ("client-ca-file", $"{Pki}/ca.crt"),
        ("tls-cert-file", $"{Pki}/kubelet.crt"),
        ("tls-private-key-file", $"{Pki}/kubelet.key"),
        .. spec.HollowNodes > 0
            ? [("runtime", "hollow"), ("hollow-nodes", spec.HollowNodes.ToString(CultureInfo.InvariantCulture))]
            : ((string, string)[])[("docker-endpoint", $"unix://{DockerSocket}"), ("root-dir", "/var/lib/kubelet")],
    ]);

    public static string ProxyArguments(string host) => ArgumentFile.Render(
    [
        ("kubeconfig", "/etc/kubernetes/proxy.conf"),
        ("hostname-override", host),
        ("cluster-cidr", ClusterNetwork.PodSubnet),
    ]);

    private static Dictionary<string, string> ProxyEnvironment() => new(StringComparer.Ordinal)
    {
        ["HTTP_PROXY"] = $"http://127.0.0.1:{ClusterNetwork.ProxyPort}",
        ["HTTPS_PROXY"] = $"http://127.0.0.1:{ClusterNetwork.ProxyPort}",
    };
}
