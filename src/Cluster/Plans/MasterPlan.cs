using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Plans;

/// <summary>What a master runs, and with which flags. A master that is also the node runs all in one process, to save memory; the others run each component by itself.</summary>
internal static class MasterPlan
{
    public const string CombinedUnit = "controlplane";
    public const string ApiServerUnit = "apiserver";

    private const string Program = "/run/mk/mk";
    private const string Pki = PkiFiles.Folder;
    private const string MakeStoreFolder = "mkdir -p -m 700 /var/lib/minikube";

    public static IEnumerable<Unit> Units(ClusterLayout layout, ClusterHost host) => layout.IsCombined
        ? [new(CombinedUnit, $"{Program} controlplane") { Before = [MakeStoreFolder] }]
        :
        [
            new(ApiServerUnit, $"{Program} apiserver @{PkiFiles.Kubernetes}/apiserver.args") { Before = [MakeStoreFolder] },
            new("scheduler", $"{Program} scheduler @{PkiFiles.Kubernetes}/scheduler.args") { WaitFor = Serving(host) },
            new("controller-manager", $"{Program} controller-manager @{PkiFiles.Kubernetes}/controller-manager.args") { WaitFor = Serving(host) },
            new("dns", $"{Program} dns @{PkiFiles.Kubernetes}/dns.args") { WaitFor = Serving(host) },
        ];

    /// <summary>
    /// Whether the host's API server is ready. Who has nothing to do without it leaves it the processors until then: what starts takes seconds of them. Nobody is asked before somebody
    /// listens (in the kernel's table: port 6443, state LISTEN), which costs a waiter next to nothing.
    /// </summary>
    public static IReadOnlyList<string> Serving(ClusterHost host) =>
    [
        $"grep -q '^ *[0-9]*: [0-9A-F]*:{ClusterNetwork.ApiServerPort:X4} [0-9A-F]*:0000 0A ' /proc/net/tcp /proc/net/tcp6",
        $"curl --silent --fail --output /dev/null --max-time 2 --cacert {Pki}/ca.crt {ClusterLayout.ServerAt(host)}/readyz",
    ];

    /// <summary>The unit that holds the API server.</summary>
    public static string ServingUnit(ClusterLayout layout) => layout.IsCombined ? CombinedUnit : ApiServerUnit;

    public static IEnumerable<HostFile> Files(ClusterLayout layout, ClusterHost host, ClusterPki pki) =>
    [
        PkiFiles.Authority("ca", pki.Authority),
        new($"{Pki}/ca.key", pki.Authority.Pem.Key, Secret: true),
        PkiFiles.Authority("front-proxy-ca", pki.FrontProxyAuthority),
        new($"{Pki}/sa.pub", pki.ServiceAccounts.Certificate),
        new($"{Pki}/sa.key", pki.ServiceAccounts.Key, Secret: true),
        .. PkiFiles.Pair("apiserver", ServingCertificate(layout, host, pki)),
        .. PkiFiles.Pair("apiserver-kubelet-client", pki.ApiServerKubeletClient()),
        .. PkiFiles.Pair("front-proxy-client", pki.FrontProxyClient()),
        PkiFiles.Kubeconfig("admin", layout.Server, "kubernetes-admin", pki, pki.Admin()),
        // A master's own components ask its own API server: when that is gone they lose their leases, and the other master's take over.
        PkiFiles.Kubeconfig("scheduler", ClusterLayout.ServerAt(host), "system:kube-scheduler", pki, pki.Scheduler()),
        PkiFiles.Kubeconfig("controller-manager", ClusterLayout.ServerAt(host), "system:kube-controller-manager", pki, pki.ControllerManager()),
        PkiFiles.Kubeconfig("dns", ClusterLayout.ServerAt(host), "system:coredns", pki, pki.NameServer()),
        new($"{PkiFiles.Kubernetes}/apiserver.args", ApiServerArguments(layout, host)),
        new($"{PkiFiles.Kubernetes}/scheduler.args", SchedulerArguments(layout)),
        new($"{PkiFiles.Kubernetes}/controller-manager.args", ControllerManagerArguments(layout)),
        new($"{PkiFiles.Kubernetes}/dns.args", DnsArguments(host)),
        .. layout.Spec.Store is StoreKind.Etcd ? (HostFile[])[PkiFiles.Authority("etcd/ca", pki.EtcdAuthority), .. PkiFiles.Pair("apiserver-etcd-client", pki.ApiServerEtcdClient())] : [],
    ];

    /// <summary>Clients come by the master's own address, by the service's, and by the load balancer's.</summary>
    public static PemPair ServingCertificate(ClusterLayout layout, ClusterHost host, ClusterPki pki) => pki.ApiServer(
        [.. ((ClusterHost[])[host, layout.Entry]).Select(one => one.Name).Distinct()],
        [.. ((System.Net.IPAddress[])[host.Address, layout.Entry.Address, ClusterNetwork.KubernetesService]).Distinct()]);

    private static string ApiServerArguments(ClusterLayout layout, ClusterHost host) => ArgumentFile.Render(
    [
        ("advertise-address", host.Address.ToString()),
        ("allow-privileged", "true"),
        ("secure-port", "6443"),
        ("tls-cert-file", $"{Pki}/apiserver.crt"),
        ("tls-private-key-file", $"{Pki}/apiserver.key"),
        ("client-ca-file", $"{Pki}/ca.crt"),
        ("authorization-mode", "Node,RBAC"),
        ("enable-admission-plugins", "NodeRestriction"),
        ("enable-bootstrap-token-auth", "true"),
        ("service-cluster-ip-range", ClusterNetwork.ServiceSubnet),
        ("service-account-key-file", $"{Pki}/sa.pub"),
        ("service-account-signing-key-file", $"{Pki}/sa.key"),
        ("service-account-issuer", "https://kubernetes.default.svc.cluster.local"),
        ("kubelet-client-certificate", $"{Pki}/apiserver-kubelet-client.crt"),
        ("kubelet-client-key", $"{Pki}/apiserver-kubelet-client.key"),
        ("kubelet-certificate-authority", $"{Pki}/ca.crt"),
        ("requestheader-client-ca-file", $"{Pki}/front-proxy-ca.crt"),
        ("requestheader-allowed-names", ClusterPki.FrontProxyName),
        ("requestheader-username-headers", "X-Remote-User"),
        ("requestheader-group-headers", "X-Remote-Group"),
        .. layout.LoadBalancer is null ? (IEnumerable<(string, string)>)[] : BehindLoadBalancer(layout.Spec.LoadBalancing),
        .. StoreArguments(layout),
    ]);

    /// <summary>
    /// The load balancer looks every second: a master that stops is taken out before it refuses. One connection in a thousand answers is asked to come again, so that clients
    /// find a master that has returned. nginx cannot remove headers by their prefix: where it ends TLS, nobody reads extra headers, which any client could send.
    /// </summary>
    private static IEnumerable<(string, string)> BehindLoadBalancer(LoadBalancing loadBalancing) =>
    [
        ("shutdown-delay-duration", "4s"),
        ("goaway-chance", "0.001"),
        .. loadBalancing is LoadBalancing.Passthrough ? [("requestheader-extra-headers-prefix", "X-Remote-Extra-")] : (IEnumerable<(string, string)>)[],
    ];

    private static string SchedulerArguments(ClusterLayout layout) => ArgumentFile.Render(
    [
        ("kubeconfig", $"{PkiFiles.Kubernetes}/scheduler.conf"),
        ("bind-address", "127.0.0.1"),
        .. LeaderElection(layout.Spec),
    ]);

    private static string ControllerManagerArguments(ClusterLayout layout) => ArgumentFile.Render(
    [
        ("kubeconfig", $"{PkiFiles.Kubernetes}/controller-manager.conf"),
        ("bind-address", "127.0.0.1"),
        ("use-service-account-credentials", "true"),
        ("root-ca-file", $"{Pki}/ca.crt"),
        ("service-account-private-key-file", $"{Pki}/sa.key"),
        ("controllers", "*,bootstrapsigner,tokencleaner"),
        ("cluster-signing-cert-file", $"{Pki}/ca.crt"),
        ("cluster-signing-key-file", $"{Pki}/ca.key"),
        ("approve-kubelet-serving-certificates", "true"),
        ("enable-hostpath-provisioner", "true"),
        // Several nodes have the subnets that their plan says, whichever registers first, or that they lease in etcd: others given here would only mislead.
        ("allocate-node-cidrs", layout.ExpectedNodes > 1 && layout.Spec.HollowNodes == 0 ? "false" : "true"),
        ("cluster-cidr", ClusterNetwork.PodSubnet),
        .. LeaderElection(layout.Spec),
    ]);

    // One address, not all: an answer to a packet that came by another interface would leave with that interface's address, and be nobody's.
    private static string DnsArguments(ClusterHost host) => ArgumentFile.Render(
    [
        ("listen-address", host.Address.ToString()),
        ("kubeconfig", $"{PkiFiles.Kubernetes}/dns.conf"),
        ("bind-address", "127.0.0.1"),
        ("cluster-domain", ClusterNetwork.Domain),
    ]);

    private static IEnumerable<(string Name, string Value)> LeaderElection(ClusterSpec spec) => spec.FastFailover
        ? [("leader-elect-lease-duration", "5s"), ("leader-elect-renew-deadline", "3s"), ("leader-elect-retry-period", "1s")]
        : [];

    private static IEnumerable<(string Name, string Value)> StoreArguments(ClusterLayout layout) => layout.Spec.Store is StoreKind.Embedded
        ? [("embedded-store", "/var/lib/minikube/store.db")]
        :
        [
            ("etcd-servers", layout.IsCombined ? "https://127.0.0.1:2379" : string.Join(',', layout.EtcdMembers.Select(EtcdPlan.ClientUrl))),
            ("etcd-cafile", $"{Pki}/etcd/ca.crt"),
            ("etcd-certfile", $"{Pki}/apiserver-etcd-client.crt"),
            ("etcd-keyfile", $"{Pki}/apiserver-etcd-client.key"),
        ];
}
