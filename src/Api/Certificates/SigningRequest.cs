using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniKube.Api.Certificates;

/// <summary>What a certificate is asked for by: a PKCS #10 request (RFC 2986), read.</summary>
public sealed record SigningRequest(
    X500DistinguishedName Subject, PublicKey PublicKey, string CommonName, IReadOnlyList<string> Organizations, CertificateNames Names, X509Extension? NamesExtension)
{
    private const string CommonNameOid = "2.5.4.3";
    private const string OrganizationOid = "2.5.4.10";
    private const string SubjectAlternativeNameOid = "2.5.29.17";

    /// <param name="pem">Text with one block CERTIFICATE REQUEST.</param>
    /// <exception cref="CryptographicException">The request is damaged, or not signed with its own key.</exception>
    public static SigningRequest Read(string pem)
    {
        try
        {
            var request = CertificateRequest.LoadSigningRequestPem(
                pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
            var subject = SubjectParts(request.SubjectName).ToList();
            var names = request.CertificateExtensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeNameOid);
            return new SigningRequest(
                request.SubjectName,
                request.PublicKey,
                subject.LastOrDefault(part => part.Type == CommonNameOid).Value ?? "",
                [.. subject.Where(part => part.Type == OrganizationOid).Select(part => part.Value)],
                names is null ? CertificateNames.None : CertificateNames.Read(names.RawData),
                names);
        }
        catch (Exception exception) when (exception is ArgumentException or AsnContentException)
        {
            throw new CryptographicException(exception.Message, exception);
        }
    }

    // By hand: a part of a name may have several values at once, and none may go unseen.
    private static IEnumerable<(string Type, string Value)> SubjectParts(X500DistinguishedName name)
    {
        var parts = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        while (parts.HasData)
        {
            var values = parts.ReadSetOf(skipSortOrderValidation: true);
            while (values.HasData)
            {
                var value = values.ReadSequence();
                var type = value.ReadObjectIdentifier();
                var encoding = (UniversalTagNumber)value.PeekTag().TagValue;
                yield return (type, IsText(encoding) ? value.ReadCharacterString(encoding) : "");
            }
        }
    }

    private static bool IsText(UniversalTagNumber encoding) => encoding
        is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String
        or UniversalTagNumber.BMPString or UniversalTagNumber.NumericString;
}
