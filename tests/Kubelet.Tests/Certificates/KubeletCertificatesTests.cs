using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using Microsoft.Extensions.DependencyInjection;

using MiniKube.Kubelet.Certificates;
using MiniKube.Kubelet.Node;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.Certificates;

public sealed class KubeletCertificatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(10, 20, "rotated")]
    [InlineData(20, 10, "given")]
    [InlineData(10, null, "given")]
    public async Task Client_OfAKubeconfigAndOfARotation_IsTheOneThatLastsLonger(int givenDays, int? rotatedDays, string expected)
    {
        using var folder = new TemporaryFolder();
        var (certificate, key) = Issue("given", givenDays);
        await File.WriteAllTextAsync(folder.File("kubelet.conf"), Kubeconfig(certificate, key), TestContext.Current.CancellationToken);
        if (rotatedDays is { } days)
        {
            var (rotated, rotatedKey) = Issue("rotated", days);
            using var saved = new CertificateFiles(folder.File("pki"), "kubelet-client").Save(rotated, rotatedKey, Now);
        }

        var certificates = new KubeletCertificates(new KubeletOptions
        {
            Node = new NodeAgentOptions { NodeName = "node1", NodeIp = "192.0.2.1" },
            Kubeconfig = folder.File("kubelet.conf"),
            CertDirectory = folder.File("pki"),
            RotateCertificates = true,
        });
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        await certificates.JoinAsync(services, TestContext.Current.CancellationToken);

        Assert.Equal($"CN={expected}", certificates.Client?.Current?.Subject);
    }

    private static (string Certificate, string Key) Issue(string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now.AddDays(days));
        return (certificate.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }

    private static string Kubeconfig(string certificate, string key) => $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"test","contexts":[{"name":"test","context":{"cluster":"test","user":"test"}}],
        "clusters":[{"name":"test","cluster":{"server":"https://192.0.2.2:6443"}}],
        "users":[{"name":"test","user":{"client-certificate-data":"{{{Encode(certificate)}}}","client-key-data":"{{{Encode(key)}}}"}}]}
        """;

    private static string Encode(string pem) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(pem));
}
