using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Microsoft.Extensions.Time.Testing;

using MiniKube.ControllerManager.Certificates;
using MiniKube.TestSupport;

namespace MiniKube.ControllerManager.Tests.Certificates;

public sealed class CertificateSignerTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);
    private readonly TemporaryFolder _folder = new();
    private readonly CertificateSigner _signer;

    public CertificateSignerTests()
    {
        // Of another kind than the keys that it signs.
        using var key = RSA.Create(2048);
        var authority = new CertificateRequest("CN=rsa-ca", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, false));
        using var certificate = authority.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(10));
        File.WriteAllText(_folder.File("ca.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("ca.key"), key.ExportRSAPrivateKeyPem());
        _signer = new CertificateSigner(_folder.File("ca.crt"), _folder.File("ca.key"), TimeSpan.FromHours(72), _clock);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, -5, (72 * 60) - 5)]
    [InlineData(100 * 3600, -5, (72 * 60) - 5)]
    [InlineData(24 * 3600, -5, (24 * 60) - 5)]
    [InlineData(3600, -5, 60)]
    [InlineData(1, -5, 10)]
    public void Sign_SomeTimeIsAskedFor_GivesWhatUpstreamGives(int? seconds, int startMinutes, int endMinutes)
    {
        using var certificate = Sign(seconds);

        Assert.Equal(Now.AddMinutes(startMinutes), certificate.NotBefore.ToUniversalTime());
        Assert.Equal(Now.AddMinutes(endMinutes), certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void Sign_AuthorityEndsSooner_TheCertificateEndsWithIt()
    {
        _clock.Advance(TimeSpan.FromDays(9));

        using var certificate = Sign(null);

        Assert.Equal(Now.AddDays(10), certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void Sign_AuthorityHasEnded_IsRefused()
    {
        _clock.Advance(TimeSpan.FromDays(11));

        Assert.Contains("expired", Assert.Throws<CryptographicException>(() => Sign(null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_SaysWhatTheCertificateIsFor_AndIsTrusted()
    {
        using var certificate = Sign(null);

        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal("1.3.6.1.5.5.7.3.2", Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>()).Value);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(_folder.File("ca.crt"));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.UtcDateTime;
        Assert.True(chain.Build(certificate));
    }

    private X509Certificate2 Sign(int? seconds)
    {
        using var request = new TestRequest("O=dev, CN=jane");
        var csr = request.ToObject("csr", "kubernetes.io/kube-apiserver-client", "client auth", "digital signature");
        var pem = _signer.Sign(csr.Parse(), [.. csr.Spec.Usages], seconds is { } number ? TimeSpan.FromSeconds(number) : null);
        return X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));
    }
}
