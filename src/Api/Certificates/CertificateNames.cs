using System.Formats.Asn1;
using System.Security.Cryptography;

namespace MiniKube.Api.Certificates;

/// <summary>The alternative names of a subject, by kind. .NET's own reader knows only the first two.</summary>
public sealed record CertificateNames(IReadOnlyList<string> Dns, IReadOnlyList<byte[]> Addresses, int Emails, int Uris)
{
    // The tags of RFC 5280, 4.2.1.6.
    private const int EmailTag = 1;
    private const int DnsTag = 2;
    private const int UriTag = 6;
    private const int AddressTag = 7;

    public static readonly CertificateNames None = new([], [], 0, 0);

    /// <exception cref="CryptographicException">This is no list of names.</exception>
    public static CertificateNames Read(ReadOnlyMemory<byte> extension)
    {
        try
        {
            var (dns, addresses, emails, uris) = (new List<string>(), new List<byte[]>(), 0, 0);
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                switch (tag.TagValue)
                {
                    case DnsTag:
                        dns.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                        break;
                    case AddressTag:
                        addresses.Add(names.ReadOctetString(tag));
                        break;
                    default:
                        emails += tag.TagValue == EmailTag ? 1 : 0;
                        uris += tag.TagValue == UriTag ? 1 : 0;
                        names.ReadEncodedValue();
                        break;
                }
            }

            return new CertificateNames(dns, addresses, emails, uris);
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException($"the subject alternative names are not readable: {exception.Message}", exception);
        }
    }
}
