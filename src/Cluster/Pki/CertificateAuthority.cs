using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniKube.Cluster.Pki;

/// <summary>
/// Signs certificates. Keys are ECDSA P-256: every client library takes them, and one is made in a millisecond. An authority lives ten years, a certificate one, as
/// kubeadm's do.
/// </summary>
public sealed class CertificateAuthority(PemPair pem)
{
    private const int AuthorityYears = 10;
    private const int CertificateYears = 1;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // A clock that is behind must not refuse what was made just now.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public PemPair Pem { get; } = pem;

    public static CertificateAuthority Create(string commonName, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={commonName}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - ClockSkew, now.AddYears(AuthorityYears));
        return new CertificateAuthority(new PemPair(certificate.ExportCertificatePem() + "\n", key.ExportECPrivateKeyPem() + "\n"));
    }

    public PemPair Issue(CertificateSpec spec, DateTimeOffset now)
    {
        using var authority = X509Certificate2.CreateFromPem(Pem.Certificate, Pem.Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(SubjectOf(spec), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(UsagesOf(spec), false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        if (spec.Server)
        {
            request.CertificateExtensions.Add(NamesOf(spec));
        }

        // Not before its authority, which may have been made elsewhere just now.
        var begin = new DateTimeOffset(Math.Max((now - ClockSkew).UtcTicks, authority.NotBefore.ToUniversalTime().Ticks), TimeSpan.Zero);
        using var certificate = request.Create(authority, begin, now.AddYears(CertificateYears), RandomNumberGenerator.GetBytes(16));
        return new PemPair(certificate.ExportCertificatePem() + "\n", key.ExportECPrivateKeyPem() + "\n");
    }

    private static X500DistinguishedName SubjectOf(CertificateSpec spec)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var organization in spec.Organizations)
        {
            subject.AddOrganizationName(organization);
        }

        subject.AddCommonName(spec.CommonName);
        return subject.Build();
    }

    private static OidCollection UsagesOf(CertificateSpec spec)
    {
        var usages = new OidCollection();
        if (spec.Server)
        {
            usages.Add(new Oid(ServerAuthentication));
        }

        if (spec.Client)
        {
            usages.Add(new Oid(ClientAuthentication));
        }

        return usages;
    }

    private static X509Extension NamesOf(CertificateSpec spec)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in spec.DnsNames)
        {
            names.AddDnsName(name);
        }

        foreach (var address in spec.Addresses)
        {
            names.AddIpAddress(address);
        }

        return names.Build();
    }
}
