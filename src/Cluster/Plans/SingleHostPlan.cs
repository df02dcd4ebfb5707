using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Kubeconfig;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Plans;

/// <summary>The plan of a plain <c>mk up</c>: one host, <c>node1</c>, that is master and node. A pure function of the spec and the identities.</summary>
public static class SingleHostPlan
{
    public const string HostName = "node1";

    private const string Kubernetes = "/etc/kubernetes";
    private const string Pki = $"{Kubernetes}/pki";
    private const string Server = "https://172.28.128.31:6443";

    public static HostPlan Create(ClusterSpec spec, ClusterPki pki)
    {
        var hollow = spec.HollowNodes > 0;
        return new HostPlan(HostName, ClusterNetwork.Node1.ToString())
        {
            PodSubnet = hollow ? null : ClusterNetwork.FirstNodePodSubnet,
            ServiceSubnet = ClusterNetwork.ServiceSubnet,
            Units = [.. ControlPlaneUnits.Create(spec), NodeUnits.Gateway(spec), .. hollow ? NodeUnits.Hollow() : NodeUnits.Docker()],
            Files = [.. SystemFiles(), .. ControlPlaneFiles(spec, pki), .. EtcdFiles(spec, pki), .. NodeFiles(spec, pki)],
        };
    }

    private static IEnumerable<HostFile> SystemFiles() =>
    [
        new("/etc/hostname", HostName + "\n"),
        new("/etc/hosts", $"127.0.0.1 localhost\n{ClusterNetwork.Node1} {HostName}\n"),
    ];

    private static IEnumerable<HostFile> ControlPlaneFiles(ClusterSpec spec, ClusterPki pki) =>
    [
        new($"{Pki}/ca.crt", pki.Authority.Pem.Certificate),
        new($"{Pki}/ca.key", pki.Authority.Pem.Key, Secret: true),
        new($"{Pki}/sa.pub", pki.ServiceAccounts.Certificate),
        new($"{Pki}/sa.key", pki.ServiceAccounts.Key, Secret: true),
        .. Pair("apiserver", pki.ApiServer(HostName, [ClusterNetwork.Node1, ClusterNetwork.KubernetesService])),
        .. Pair("apiserver-kubelet-client", pki.ApiServerKubeletClient()),
        new($"{Kubernetes}/admin.conf", Kubeconfig("kubernetes-admin", pki, pki.Admin()), Secret: true),
        new($"{Kubernetes}/scheduler.conf", Kubeconfig("system:kube-scheduler", pki, pki.Scheduler()), Secret: true),
        new($"{Kubernetes}/controller-manager.conf", Kubeconfig("system:kube-controller-manager", pki, pki.ControllerManager()), Secret: true),
        new($"{Kubernetes}/apiserver.args", ControlPlaneUnits.ApiServerArguments(spec)),
        new($"{Kubernetes}/scheduler.args", ControlPlaneUnits.SchedulerArguments()),
        new($"{Kubernetes}/controller-manager.args", ControlPlaneUnits.ControllerManagerArguments()),
    ];

    private static IEnumerable<HostFile> EtcdFiles(ClusterSpec spec, ClusterPki pki) => spec.Store is StoreKind.Embedded ? [] :
    [
        new($"{Pki}/etcd/ca.crt", pki.EtcdAuthority.Pem.Certificate),
        .. Pair("etcd/server", pki.EtcdMember(HostName, ClusterNetwork.Node1)),
        .. Pair("etcd/peer", pki.EtcdMember(HostName, ClusterNetwork.Node1)),
        .. Pair("apiserver-etcd-client", pki.ApiServerEtcdClient()),
        new("/etc/etcd/etcd.conf", EtcdUnit.Configuration()),
    ];

    private static IEnumerable<HostFile> NodeFiles(ClusterSpec spec, ClusterPki pki) =>
    [
        .. Pair("kubelet", pki.KubeletServing(HostName, ClusterNetwork.Node1)),
        // Hollow nodes are many: their one kubelet process acts as a member of the administrators' group.
        new($"{Kubernetes}/kubelet.conf", Kubeconfig($"system:node:{HostName}", pki, spec.HollowNodes > 0 ? pki.Admin() : pki.Node(HostName)), Secret: true),
        new($"{Kubernetes}/proxy.conf", Kubeconfig("system:kube-proxy", pki, pki.Proxy()), Secret: true),
        new($"{Kubernetes}/kubelet.args", NodeUnits.KubeletArguments(HostName, spec)),
        new($"{Kubernetes}/proxy.args", NodeUnits.ProxyArguments(HostName)),
        new("/etc/containerd/mk.toml", NodeUnits.ContainerdConfiguration),
        new("/etc/docker/mk.json", NodeUnits.DockerConfiguration(spec)),
    ];

    private static IEnumerable<HostFile> Pair(string name, PemPair pair) =>
        [new($"{Pki}/{name}.crt", pair.Certificate), new($"{Pki}/{name}.key", pair.Key, Secret: true)];

    private static string Kubeconfig(string user, ClusterPki pki, PemPair credentials) =>
        KubeconfigFile.Render("kubernetes", Server, user, pki.Authority.Pem.Certificate, credentials);
}
