using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniKube.TestSupport;

/// <summary>A certificate authority of a test, and certificates of it.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Authority = request.CreateSelfSigned(_now.AddHours(-3), _now.AddDays(2));
    }

    public X509Certificate2 Authority { get; }

    /// <summary>A certificate for loopback, as PEM texts.</summary>
    public (string Certificate, string Key) Serving() => Issue("CN=test-server", ServerAuthentication, _now.AddDays(1));

    /// <summary>A user and its groups, as PEM texts.</summary>
    public (string Certificate, string Key) Client(string user, params IEnumerable<string> groups) =>
        Issue($"CN={user}{string.Concat(groups.Select(group => $",O={group}"))}", ClientAuthentication, _now.AddDays(1));

    /// <summary>A client certificate of any subject, as PEM texts.</summary>
    public (string Certificate, string Key) ClientOf(string subject) => Issue(subject, ClientAuthentication, _now.AddDays(1));

    /// <summary>A private key as PEM text.</summary>
    public static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportECPrivateKeyPem();
    }

    public void Dispose() => Authority.Dispose();

    private (string Certificate, string Key) Issue(string subject, string usage, DateTimeOffset expires)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(Authority, _now.AddHours(-2), expires, RandomNumberGenerator.GetBytes(12));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
