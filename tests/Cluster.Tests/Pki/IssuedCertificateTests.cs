using System.Net;
using System.Security.Cryptography.X509Certificates;

using MiniKube.Cluster.Kubeconfig;
using MiniKube.Cluster.Pki;
using MiniKube.TestSupport;

namespace MiniKube.Cluster.Tests.Pki;

public sealed class IssuedCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _root = new();
    private readonly ClusterPki _pki = ClusterPki.Create(Now);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Renew_FileWithKey_HasTheSameNamesANewKeyAndANewEnd()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root.Path, "etc/kubernetes/pki")).FullName;
        var pair = _pki.KubeletServing("node1", IPAddress.Parse("172.28.128.31"));
        File.WriteAllText(Path.Combine(folder, "kubelet.crt"), pair.Certificate);
        File.WriteAllText(Path.Combine(folder, "kubelet.key"), pair.Key);
        var before = Assert.Single(IssuedCertificate.FindAll("node1", _root.Path, "/etc/kubernetes"));

        before.Renew(_pki.Authority, Now.AddDays(100));

        var after = Assert.Single(IssuedCertificate.FindAll("node1", _root.Path, "/etc/kubernetes"));
        Assert.Equal("/etc/kubernetes/pki/kubelet.crt", after.Path);
        Assert.Equal(before.End.AddDays(100), after.End);
        Assert.Equal(before.Certificate.Subject, after.Certificate.Subject);
        Assert.Equal(Extensions(before), Extensions(after));
        using var whole = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "kubelet.crt"), Path.Combine(folder, "kubelet.key"));
        Assert.NotEqual(before.Certificate.GetPublicKeyString(), whole.GetPublicKeyString());
    }

    [Fact]
    public void Renew_Kubeconfig_KeepsAllButCertificateAndKey()
    {
        var file = _root.File("scheduler.conf");
        var text = KubeconfigFile.Render("mk", "https://10.0.0.1:6443", "user", _pki.Authority.Pem.Certificate, _pki.Scheduler());
        File.WriteAllText(file, text);

        Assert.Single(IssuedCertificate.FindAll("master1", _root.Path, "")).Renew(_pki.Authority, Now.AddDays(100));

        var after = File.ReadAllText(file);
        Assert.Equal(Without(text), Without(after));
        Assert.NotEqual(text, after);
        Assert.Equal("CN=system:kube-scheduler", Assert.Single(IssuedCertificate.FindAll("master1", _root.Path, "")).Certificate.Subject);
    }

    [Fact]
    public void FindAll_AuthoritiesAndFilesWithoutCertificates_AreToldApart()
    {
        File.WriteAllText(_root.File("ca.crt"), _pki.Authority.Pem.Certificate);
        File.WriteAllText(_root.File("other.conf"), "nothing: here");

        Assert.True(Assert.Single(IssuedCertificate.FindAll("-", "", _root.Path)).IsAuthority);
    }

    // The key differs, and with it nothing of these but the names.
    private static IEnumerable<string> Extensions(IssuedCertificate certificate) =>
        certificate.Certificate.Extensions.Where(extension => extension is not X509SubjectKeyIdentifierExtension).Select(extension => extension.Format(false));

    private static IEnumerable<string> Without(string kubeconfig) =>
        kubeconfig.Split('\n').Where(line => !line.Contains("client-certificate-data", StringComparison.Ordinal) && !line.Contains("client-key-data", StringComparison.Ordinal));
}
