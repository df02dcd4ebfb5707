using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniKube.Hosting;

/// <summary>The certificate that a component serves its health and metrics with.</summary>
public static class ServingCertificate
{
    /// <summary>Reads the PEM files, or makes a self-signed certificate for localhost when none are named.</summary>
    public static X509Certificate2 Load(ServingOptions options, TimeProvider clock) =>
        options.TlsCertFile is { } certificate
            ? X509Certificate2.CreateFromPemFile(certificate, options.TlsPrivateKeyFile)
            : CreateSelfSigned(clock.GetUtcNow());

    private static X509Certificate2 CreateSelfSigned(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now.AddHours(-1), now.AddYears(1));
    }
}
