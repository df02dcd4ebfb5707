using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using MiniKube.Api.Certificates;

namespace MiniKube.ControllerManager.Certificates;

/// <summary>Signs what requests ask for with an authority kept in files. They are read each time: an authority that is replaced is used at once.</summary>
internal sealed class CertificateSigner(string certificateFile, string keyFile, TimeSpan longest, TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    // A clock that is behind must not refuse what was made just now. What lives long gives that time back at its end, what lives less than eight hours does not.
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortLived = TimeSpan.FromHours(8);

    /// <returns>PEM.</returns>
    /// <exception cref="CryptographicException">The authority has ended, or its files are damaged.</exception>
    public byte[] Sign(SigningRequest request, IReadOnlyCollection<string> usages, TimeSpan? wanted)
    {
        using var authority = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var now = clock.GetUtcNow();
        var authorityEnd = new DateTimeOffset(authority.NotAfter.ToUniversalTime());
        if (now >= authorityEnd)
        {
            throw new CryptographicException($"the signer has expired: NotAfter={authorityEnd:O}");
        }

        var lifetime = Lifetime(wanted);
        var end = now + lifetime - (lifetime < ShortLived ? TimeSpan.Zero : Backdate);
        return Encoding.ASCII.GetBytes(Issue(authority, request, usages, now - Backdate, end < authorityEnd ? end : authorityEnd).ExportCertificatePem() + "\n");
    }

    private TimeSpan Lifetime(TimeSpan? wanted) =>
        wanted is not { } asked || asked > longest ? longest : asked < Shortest ? Shortest : asked;

    private static X509Certificate2 Issue(
        X509Certificate2 authority, SigningRequest asked, IReadOnlyCollection<string> usages, DateTimeOffset start, DateTimeOffset end)
    {
        var certificate = new CertificateRequest(asked.Subject, asked.PublicKey, HashAlgorithmName.SHA256);
        foreach (var extension in CertificateUsages.Extensions(usages))
        {
            certificate.CertificateExtensions.Add(extension);
        }

        certificate.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } identifier)
        {
            certificate.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
        }

        if (asked.NamesExtension is { } names)
        {
            certificate.CertificateExtensions.Add(names);
        }

        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;

        // The authority's key may be of another kind than the one that is signed.
        using var ecdsa = authority.GetECDsaPrivateKey();
        using var rsa = authority.GetRSAPrivateKey();
        var generator = ecdsa is not null ? X509SignatureGenerator.CreateForECDsa(ecdsa)
            : rsa is not null ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : throw new CryptographicException("the signer's key is neither ECDSA nor RSA");
        return certificate.Create(authority.SubjectName, generator, start, end, serial);
    }
}
