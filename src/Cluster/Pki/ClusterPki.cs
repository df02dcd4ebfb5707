using System.Net;
using System.Security.Cryptography;

namespace MiniKube.Cluster.Pki;

/// <summary>
/// The identities of a cluster, as kubeadm names them: the cluster's authority, etcd's, the front proxy's, and the key that signs service account tokens. Kept in <c>.mk/NAME/pki</c>, so that
/// a host that boots again, or joins later, gets certificates of the same authorities.
/// </summary>
public sealed class ClusterPki
{
    /// <summary>The name by which API servers know their front proxy.</summary>
    public const string FrontProxyName = "front-proxy-client";

    private readonly DateTimeOffset _now;

    private ClusterPki(CertificateAuthority authority, CertificateAuthority etcdAuthority, CertificateAuthority frontProxyAuthority, PemPair serviceAccounts, DateTimeOffset now)
    {
        Authority = authority;
        EtcdAuthority = etcdAuthority;
        FrontProxyAuthority = frontProxyAuthority;
        ServiceAccounts = serviceAccounts;
        _now = now;
    }

    public CertificateAuthority Authority { get; }

    public CertificateAuthority EtcdAuthority { get; }

    /// <summary>Whoever it signs for may say on whose behalf it asks.</summary>
    public CertificateAuthority FrontProxyAuthority { get; }

    /// <summary>The key pair of service account tokens; <see cref="PemPair.Certificate"/> is the public key.</summary>
    public PemPair ServiceAccounts { get; }

    public static ClusterPki Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serviceAccounts = new PemPair(key.ExportSubjectPublicKeyInfoPem() + "\n", key.ExportECPrivateKeyPem() + "\n");
        return new ClusterPki(
            CertificateAuthority.Create("kubernetes", now), CertificateAuthority.Create("etcd-ca", now), CertificateAuthority.Create("front-proxy-ca", now), serviceAccounts, now);
    }

    /// <summary>Reads what is kept in the folder, or makes it anew and keeps it, readable by its owner only.</summary>
    public static ClusterPki LoadOrCreate(string folder, DateTimeOffset now)
    {
        if (File.Exists(Path.Combine(folder, "sa.key")))
        {
            return new ClusterPki(
                new CertificateAuthority(Read(folder, "ca.crt", "ca.key")),
                new CertificateAuthority(Read(folder, "etcd-ca.crt", "etcd-ca.key")),
                new CertificateAuthority(Read(folder, "front-proxy-ca.crt", "front-proxy-ca.key")),
                Read(folder, "sa.pub", "sa.key"),
                now);
        }

        var pki = Create(now);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write(folder, "ca.crt", "ca.key", pki.Authority.Pem);
        Write(folder, "etcd-ca.crt", "etcd-ca.key", pki.EtcdAuthority.Pem);
        Write(folder, "front-proxy-ca.crt", "front-proxy-ca.key", pki.FrontProxyAuthority.Pem);
        // Last: its presence says that all is there.
        Write(folder, "sa.pub", "sa.key", pki.ServiceAccounts);
        return pki;
    }

    /// <summary>The administrator: a member of the group that may do everything.</summary>
    public PemPair Admin() => Client("kubernetes-admin", "system:masters");

    public PemPair Scheduler() => Client("system:kube-scheduler");

    public PemPair ControllerManager() => Client("system:kube-controller-manager");

    public PemPair NameServer() => Client("system:coredns");

    public PemPair Proxy() => Client("system:kube-proxy");

    public PemPair Node(string name) => Client($"system:node:{name}", "system:nodes");

    /// <summary>What the API server shows to kubelets.</summary>
    public PemPair ApiServerKubeletClient() => Client("kube-apiserver-kubelet-client", "system:masters");

    /// <summary>What the API server shows to etcd.</summary>
    public PemPair ApiServerEtcdClient() => EtcdAuthority.Issue(new CertificateSpec("kube-apiserver-etcd-client"), _now);

    /// <summary>What the overlay shows to etcd.</summary>
    public PemPair OverlayEtcdClient() => EtcdAuthority.Issue(new CertificateSpec("overlay-etcd-client"), _now);

    /// <summary>What a load balancer that ends TLS shows to the API servers.</summary>
    public PemPair FrontProxyClient() => FrontProxyAuthority.Issue(new CertificateSpec(FrontProxyName), _now);

    /// <summary>What the API server serves with: every name and address by which it is reached.</summary>
    public PemPair ApiServer(IReadOnlyList<string> hosts, IReadOnlyList<IPAddress> addresses) => Authority.Issue(
        new CertificateSpec("kube-apiserver")
        {
            Client = false,
            DnsNames = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost", .. hosts],
            Addresses = [IPAddress.Loopback, .. addresses],
        },
        _now);

    public PemPair KubeletServing(string node, IPAddress address) => Authority.Issue(
        new CertificateSpec($"system:node:{node}") { Organizations = ["system:nodes"], Client = false, DnsNames = [node], Addresses = [address] }, _now);

    /// <summary>What an etcd member serves with, to clients and to its peers, and shows to its peers.</summary>
    public PemPair EtcdMember(string host, IPAddress address) => EtcdAuthority.Issue(
        new CertificateSpec(host) { DnsNames = [host, "localhost"], Addresses = [IPAddress.Loopback, address] }, _now);

    private PemPair Client(string user, params string[] groups) => Authority.Issue(new CertificateSpec(user) { Organizations = groups }, _now);

    private static PemPair Read(string folder, string certificate, string key) =>
        new(File.ReadAllText(Path.Combine(folder, certificate)), File.ReadAllText(Path.Combine(folder, key)));

    private static void Write(string folder, string certificate, string key, PemPair pair)
    {
        File.WriteAllText(Path.Combine(folder, certificate), pair.Certificate);
        File.WriteAllText(Path.Combine(folder, key), pair.Key);
    }
}
