using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Plans;

/// <summary>What a master runs, and with which flags.</summary>
internal static class ControlPlaneUnits
{
    private const string Pki = "/etc/kubernetes/pki";

    public static IEnumerable<Unit> Create(ClusterSpec spec) => spec.Store is StoreKind.Etcd
        ? [EtcdUnit.Create(), ControlPlane()]
        : [ControlPlane()];

    public static string ApiServerArguments(ClusterSpec spec) => ArgumentFile.Render(
    [
        ("advertise-address", ClusterNetwork.Node1.ToString()),
        ("secure-port", "6443"),
        ("tls-cert-file", $"{Pki}/apiserver.crt"),
        ("tls-private-key-file", $"{Pki}/apiserver.key"),
        ("client-ca-file", $"{Pki}/ca.crt"),
        ("authorization-mode", "Node,RBAC"),
        ("enable-admission-plugins", "NodeRestriction"),
        ("service-cluster-ip-range", ClusterNetwork.ServiceSubnet),
        ("service-account-key-file", $"{Pki}/sa.pub"),
        ("service-account-signing-key-file", $"{Pki}/sa.key"),
        ("service-account-issuer", "https://kubernetes.default.svc.cluster.local"),
        ("kubelet-client-certificate", $"{Pki}/apiserver-kubelet-client.crt"),
        ("kubelet-client-key", $"{Pki}/apiserver-kubelet-client.key"),
        ("kubelet-certificate-authority", $"{Pki}/ca.crt"),
        .. StoreArguments(spec.Store),
    ]);

    public static string SchedulerArguments() => ArgumentFile.Render(
    [
        ("kubeconfig", "/etc/kubernetes/scheduler.conf"),
        ("bind-address", "127.0.0.1"),
    ]);

    public static string ControllerManagerArguments() => ArgumentFile.Render(
    [
        ("kubeconfig", "/etc/kubernetes/controller-manager.conf"),
        ("bind-address", "127.0.0.1"),
        ("use-service-account-credentials", "true"),
        ("root-ca-file", $"{Pki}/ca.crt"),
        ("service-account-private-key-file", $"{Pki}/sa.key"),
        ("allocate-node-cidrs", "true"),
        ("cluster-cidr", ClusterNetwork.PodSubnet),
    ]);

    private static Unit ControlPlane() => new("controlplane", "/run/mk/mk controlplane") { Before = ["mkdir -p -m 700 /var/lib/minikube"] };

    private static IEnumerable<(string Name, string Value)> StoreArguments(StoreKind store) => store is StoreKind.Embedded
        ? [("embedded-store", "/var/lib/minikube/store.db")]
        :
        [
            ("etcd-servers", "https://127.0.0.1:2379"),
            ("etcd-cafile", $"{Pki}/etcd/ca.crt"),
            ("etcd-certfile", $"{Pki}/apiserver-etcd-client.crt"),
            ("etcd-keyfile", $"{Pki}/apiserver-etcd-client.key"),
        ];
}
