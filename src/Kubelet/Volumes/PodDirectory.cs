using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Where a pod's files are on the node: upstream's layout under <c>pods/UID</c>.</summary>
internal sealed class PodDirectory(string rootDirectory, string uid)
{
    public string Path { get; } = System.IO.Path.Combine(rootDirectory, "pods", uid);

    public string EtcHosts => System.IO.Path.Combine(Path, "etc-hosts");

    public string ResolvConf => System.IO.Path.Combine(Path, "resolv.conf");

    public static PodDirectory Of(NodeDirectory node, V1Pod pod) => new(node.Path, pod.Uid());

    public string Volume(string plugin, string name) => System.IO.Path.Combine(Path, "volumes", $"kubernetes.io~{plugin}", name);

    public string TerminationMessage(string container, int attempt) =>
        System.IO.Path.Combine(Path, "containers", container, attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
