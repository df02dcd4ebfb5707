using System.Text;

using k8s;

using MiniKube.Cluster.Kubeconfig;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Tests.Kubeconfig;

public sealed class KubeconfigFileTests
{
    [Fact]
    public void Render_IsReadByAClientLibrary_AsWhatWentIn()
    {
        var pki = ClusterPki.Create(TimeProvider.System.GetUtcNow());
        var admin = pki.Admin();

        var text = KubeconfigFile.Render("mk-default", "https://127.0.0.1:6443", "kubernetes-admin", pki.Authority.Pem.Certificate, admin);

        var read = KubernetesClientConfiguration.BuildConfigFromConfigFile(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        Assert.Equal("mk-default", read.CurrentContext);
        Assert.Equal("https://127.0.0.1:6443", read.Host);
        Assert.Equal(admin.Certificate, Decode(read.ClientCertificateData));
        Assert.Equal(admin.Key, Decode(read.ClientCertificateKeyData));
        Assert.NotNull(Assert.Single(read.SslCaCerts));
    }

    private static string Decode(string data) => Encoding.ASCII.GetString(Convert.FromBase64String(data));
}
