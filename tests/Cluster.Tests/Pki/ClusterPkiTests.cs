using System.Net;
using System.Security.Cryptography.X509Certificates;

using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Tests.Pki;

public sealed class ClusterPkiTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("mk-pki-").FullName;
    private readonly ClusterPki _pki = ClusterPki.Create(Now);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("admin", "O=system:masters, CN=kubernetes-admin")]
    [InlineData("scheduler", "CN=system:kube-scheduler")]
    [InlineData("controller-manager", "CN=system:kube-controller-manager")]
    [InlineData("proxy", "CN=system:kube-proxy")]
    [InlineData("node", "O=system:nodes, CN=system:node:node1")]
    [InlineData("apiserver-kubelet-client", "O=system:masters, CN=kube-apiserver-kubelet-client")]
    public void ClientCertificate_NamesUserAndGroup_AndMayOnlyBeAClient(string identity, string subject)
    {
        using var certificate = Parse(Client(identity));

        Assert.Equal(subject, certificate.Subject);
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], Usages(certificate));
        Assert.True(IsSignedBy(certificate, _pki.Authority));
        Assert.False(IsSignedBy(certificate, _pki.EtcdAuthority));
    }

    [Fact]
    public void ApiServerCertificate_NamesEveryWayToReachIt()
    {
        using var certificate = Parse(_pki.ApiServer(["node1"], [IPAddress.Parse("172.28.128.31"), IPAddress.Parse("10.96.0.1")]));

        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(
            ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost", "node1"], names.EnumerateDnsNames());
        Assert.Equal(["127.0.0.1", "172.28.128.31", "10.96.0.1"], names.EnumerateIPAddresses().Select(address => address.ToString()));
        Assert.Equal(["1.3.6.1.5.5.7.3.1"], Usages(certificate));
        Assert.True(IsSignedBy(certificate, _pki.Authority));
    }

    [Fact]
    public void Certificate_OfAnAuthorityThatWasMadeJustNow_DoesNotBeginBeforeIt()
    {
        var authority = CertificateAuthority.Create("elsewhere", Now.AddMinutes(5));

        using var certificate = Parse(authority.Issue(new CertificateSpec("user"), Now.AddMinutes(1)));

        Assert.Equal(Now, certificate.NotBefore.ToUniversalTime());
    }

    [Fact]
    public void EtcdMemberCertificate_IsServerAndClient_OfEtcdsAuthority()
    {
        using var certificate = Parse(_pki.EtcdMember("etcd1", IPAddress.Parse("172.28.128.21")));

        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], Usages(certificate));
        Assert.True(IsSignedBy(certificate, _pki.EtcdAuthority));
        Assert.False(IsSignedBy(certificate, _pki.Authority));
    }

    [Fact]
    public void Certificate_IsGoodForAYear_AndItsAuthorityForTen()
    {
        using var certificate = Parse(_pki.Admin());
        using var authority = Parse(_pki.Authority.Pem);

        Assert.Equal(Now.AddYears(1), certificate.NotAfter.ToUniversalTime());
        Assert.Equal(Now.AddYears(10), authority.NotAfter.ToUniversalTime());
        Assert.True(certificate.NotBefore.ToUniversalTime() < Now);
    }

    [Fact]
    public void LoadOrCreate_ASecondTime_FindsTheSameIdentities()
    {
        var first = ClusterPki.LoadOrCreate(_folder, Now);
        var second = ClusterPki.LoadOrCreate(_folder, Now);

        Assert.Equal(first.Authority.Pem, second.Authority.Pem);
        Assert.Equal(first.EtcdAuthority.Pem, second.EtcdAuthority.Pem);
        Assert.Equal(first.ServiceAccounts, second.ServiceAccounts);
        Assert.NotEqual(first.Authority.Pem, first.EtcdAuthority.Pem);
    }

    private PemPair Client(string identity) => identity switch
    {
        "admin" => _pki.Admin(),
        "scheduler" => _pki.Scheduler(),
        "controller-manager" => _pki.ControllerManager(),
        "proxy" => _pki.Proxy(),
        "node" => _pki.Node("node1"),
        "apiserver-kubelet-client" => _pki.ApiServerKubeletClient(),
        _ => throw new ArgumentOutOfRangeException(nameof(identity)),
    };

    private static X509Certificate2 Parse(PemPair pair) => X509Certificate2.CreateFromPem(pair.Certificate, pair.Key);

    private static IEnumerable<string?> Usages(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(usage => usage.Value);

    private static bool IsSignedBy(X509Certificate2 certificate, CertificateAuthority authority)
    {
        using var root = X509Certificate2.CreateFromPem(authority.Pem.Certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.UtcDateTime;
        return chain.Build(certificate);
    }
}
