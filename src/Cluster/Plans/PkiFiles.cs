using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Kubeconfig;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Plans;

/// <summary>Certificates, keys and kubeconfigs as files of a host, where kubeadm has them.</summary>
internal static class PkiFiles
{
    public const string Kubernetes = "/etc/kubernetes";
    public const string Folder = $"{Kubernetes}/pki";

    public static HostFile Authority(string name, CertificateAuthority authority) => new($"{Folder}/{name}.crt", authority.Pem.Certificate);

    public static IEnumerable<HostFile> Pair(string name, PemPair pair) =>
        [new($"{Folder}/{name}.crt", pair.Certificate), new($"{Folder}/{name}.key", pair.Key, Secret: true)];

    public static HostFile Kubeconfig(string component, string server, string user, ClusterPki pki, PemPair credentials) =>
        new($"{Kubernetes}/{component}.conf", KubeconfigFile.Render("kubernetes", server, user, pki.Authority.Pem.Certificate, credentials), Secret: true);
}
